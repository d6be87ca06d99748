// The date of --attime: each form that is taken, and its refused twin.
#include "evidence/verify/at_time.h"

#include <gtest/gtest.h>

namespace netsampler::test {
namespace {

using verify::parse_at_time;

TEST(AtTime, TakesRfc3339AndSeconds) {
  const std::pair<const char*, std::int64_t> kTaken[] = {
      {"1800000000", 1'800'000'000'000'000},
      {"0", 0},
      {"2027-01-15T08:00:00Z", 1'800'000'000'000'000},
      {"2027-01-15t16:00:00+08:00", 1'800'000'000'000'000},
      {"2027-01-15 02:30:00.25-05:30", 1'800'000'000'250'000},
      {"2027-01-15T08:00:00.123456789Z", 1'800'000'000'123'456},
      {"2028-02-29T00:00:00Z", 1'835'395'200'000'000},
      {"2016-12-31T23:59:60Z", 1'483'228'800'000'000}};
  for (const auto& [text, us] : kTaken) {
    const auto time = parse_at_time(text);
    ASSERT_TRUE(time.ok()) << text << ": " << time.error().text;
    EXPECT_EQ(*time, us) << text;
  }
}

TEST(AtTime, RefusesEverythingElse) {
  for (const char* text :
       {"", "-1", "1.5", "1800000000000000", "2027-01-15", "2027-01-15T08:00:00", "2027-01-15T08:00Z", "2027-02-29T00:00:00Z",
        "2027-13-01T00:00:00Z", "2027-01-00T00:00:00Z", "2027-01-15T24:00:00Z", "2027-01-15T08:60:00Z", "2027-01-15T08:00:61Z",
        "2027-01-15T08:00:00.Z", "2027-01-15T08:00:00+24:00", "2027-01-15T08:00:00+0800", "2027-01-15T08:00:00Zx", "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59-00:01", "2027/01/15T08:00:00Z", "yesterday"}) {
    const auto time = parse_at_time(text);
    ASSERT_FALSE(time.ok()) << text;
    EXPECT_EQ(time.error().kind, ErrorKind::usage) << text;
  }
}

}  // namespace
}  // namespace netsampler::test
