#include "capture/clock/clock_witness.h"

#include <gtest/gtest.h>

namespace netsampler::capture {
namespace {

constexpr std::int64_t kNow_us = 1'795'355'240'000'000;

ChronyTracking good_tracking() {
  ChronyTracking tracking;
  tracking.reference = "7F000001";
  tracking.stratum = 3;
  tracking.leap = "normal";
  tracking.reference_time_us = kNow_us - 2'000'000;
  tracking.offset_us = -400;
  tracking.root_delay_us = 200;
  tracking.root_dispersion_us = 500;
  tracking.update_interval_us = 16'000'000;
  return tracking;
}

SntpAnswer heard(const std::string& server, std::int64_t offset_us) {
  SntpAnswer answer{server, true, "", offset_us, 1000, 2000, 2};
  return answer;
}

TEST(ClockWitness, BodyCarriesChronydAndServers) {
  SntpAnswer silent;
  silent.server = "b";
  silent.why = "no answer";
  const Json body = clock_body(good_tracking(), {heard("a", -380), silent}, kNow_us, "during");
  EXPECT_EQ(body["state"], "synchronised");
  EXPECT_EQ(body["offset_us"], -400);
  EXPECT_EQ(body["error_us"], 400 + 500 + 100);
  EXPECT_EQ(body["stratum"], 3);
  EXPECT_EQ(body["leap"], "normal");
  EXPECT_EQ(body["root_delay_us"], 200);
  EXPECT_EQ(body["root_dispersion_us"], 500);
  EXPECT_EQ(body["phase"], "during");
  ASSERT_EQ(body["servers"].size(), 2U);
  EXPECT_EQ(body["servers"][0], (Json{{"server", "a"}, {"ok", true}, {"offset_us", -380}, {"delay_us", 1000}, {"dispersion_us", 2000}, {"stratum", 2}}));
  EXPECT_EQ(body["servers"][1], (Json{{"server", "b"}, {"ok", false}, {"why", "no answer"}}));
  EXPECT_EQ(outside_profile(body), std::nullopt);
}

TEST(ClockWitness, AContradictingMajorityWidensTheError) {
  const Json one_of_two = clock_body(good_tracking(), {heard("a", -380), heard("b", 900'000)}, kNow_us, "during");
  EXPECT_EQ(one_of_two["error_us"], 1000);
  const Json two_of_three = clock_body(good_tracking(), {heard("a", -380), heard("b", 900'000), heard("c", 910'000)}, kNow_us, "during");
  EXPECT_EQ(two_of_three["error_us"], 900'000);
}

TEST(ClockWitness, ServersAloneBoundAnUndisciplinedClock) {
  const Json body = clock_body(std::nullopt, {heard("a", 5000)}, kNow_us, "during");
  EXPECT_EQ(body["state"], "unsynchronised");
  EXPECT_EQ(body["offset_us"], 5000);
  EXPECT_EQ(body["error_us"], 5000 + 500 + 2000);
}

TEST(ClockWitness, NobodyKnowsIsADay) {
  const Json body = clock_body(std::nullopt, {}, kNow_us, "during");
  EXPECT_EQ(body["state"], "unsynchronised");
  EXPECT_EQ(body["error_us"], kUnknownError_us);
}

}  // namespace
}  // namespace netsampler::capture
