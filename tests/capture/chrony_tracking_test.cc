#include "capture/clock/chrony_tracking.h"

#include <gtest/gtest.h>

namespace netsampler::capture {
namespace {

const std::string kLine =
    "7F000001,127.0.0.1,4,1795355237.288802471,-0.000451,-0.000000028,0.000000028,0.093,-0.000,0.860,0.000700,0.000224,16.0,Normal\n";

TEST(ChronyTracking, ReadsALine) {
  const auto tracking = parse_tracking(kLine);
  ASSERT_TRUE(tracking.ok()) << tracking.error().text;
  EXPECT_EQ(tracking->reference, "7F000001");
  EXPECT_EQ(tracking->stratum, 4);
  EXPECT_EQ(tracking->leap, "normal");
  EXPECT_EQ(tracking->reference_time_us, 1795355237288803);  // rounded
  EXPECT_EQ(tracking->offset_us, -451);
  EXPECT_EQ(tracking->root_delay_us, 700);
  EXPECT_EQ(tracking->root_dispersion_us, 224);
  EXPECT_EQ(tracking->update_interval_us, 16'000'000);
}

TEST(ChronyTracking, ErrorIsOffsetAndDispersionAndHalfTheDelay) {
  const auto tracking = parse_tracking(kLine);
  ASSERT_TRUE(tracking.ok());
  EXPECT_EQ(error_bound_us(*tracking), 451 + 224 + 350);
}

TEST(ChronyTracking, RefusesWhatIsNoTrackingLine) {
  EXPECT_FALSE(parse_tracking("").ok());
  EXPECT_FALSE(parse_tracking("506 Cannot talk to daemon\n").ok());
  EXPECT_FALSE(parse_tracking(kLine.substr(0, kLine.size() - 8)).ok());  // leap cut off
  std::string word = kLine;
  word.replace(word.find("-0.000451"), 9, "-0.00x451");
  EXPECT_FALSE(parse_tracking(word).ok());
  std::string infinite = kLine;
  infinite.replace(infinite.find("-0.000451"), 9, "inf");
  EXPECT_FALSE(parse_tracking(infinite).ok());
  std::string negative = kLine;
  negative.replace(negative.find("0.000700"), 8, "-0.00070");
  EXPECT_FALSE(parse_tracking(negative).ok());
}

TEST(ChronyTracking, StateFollowsTheLastMeasurement) {
  const auto tracking = parse_tracking(kLine);
  ASSERT_TRUE(tracking.ok());
  const std::int64_t heard = tracking->reference_time_us;
  EXPECT_EQ(clock_state(*tracking, heard + 100'000'000), "synchronised");
  EXPECT_EQ(clock_state(*tracking, heard + 129'000'000), "holdover");  // eight intervals of 16 s
}

TEST(ChronyTracking, ItsOwnClockIsNoSource) {
  auto tracking = parse_tracking(kLine);
  ASSERT_TRUE(tracking.ok());
  const std::int64_t now = tracking->reference_time_us;
  tracking->reference = "7F7F0101";
  EXPECT_EQ(clock_state(*tracking, now), "unsynchronised");
  tracking->reference = "7F000001";
  tracking->leap = "unsynchronised";
  EXPECT_EQ(clock_state(*tracking, now), "unsynchronised");
  tracking->leap = "normal";
  tracking->stratum = 16;
  EXPECT_EQ(clock_state(*tracking, now), "unsynchronised");
}

TEST(ChronyTracking, NobodyThereIsUnavailable) {
  const auto tracking = ask_chronyd("/nonexistent/netsampler-test/chronyd.sock");
  ASSERT_FALSE(tracking.ok());
  EXPECT_EQ(tracking.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace netsampler::capture
