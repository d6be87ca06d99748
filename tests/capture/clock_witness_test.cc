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
  const Json body = clock_body(good_tracking(), {heard("a", -380), silent}, {}, kNow_us, "during");
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

TEST(ClockWitness, OneServerAgainstTwoIsOutvotedOneAgainstOneWidensTheBound) {
  const Json outvoted = clock_body(good_tracking(), {heard("a", -380), heard("b", 900'000), heard("c", 0)}, {}, kNow_us, "during");
  EXPECT_EQ(outvoted["agreement"], "outvoted");
  EXPECT_EQ(outvoted["error_us"], 1000);
  const Json even = clock_body(good_tracking(), {heard("a", -380), heard("b", 900'000)}, {}, kNow_us, "during");
  EXPECT_EQ(even["agreement"], "contradict");
  EXPECT_EQ(even["error_us"], 900'000 + 2500);
  EXPECT_EQ(even["state"], "synchronised");
}

TEST(ClockWitness, AMajorityAgainstChronydDeposesIt) {
  const Json body = clock_body(good_tracking(), {heard("a", -380), heard("b", 900'000), heard("c", 910'000)}, {}, kNow_us, "during");
  EXPECT_EQ(body["agreement"], "contradict");
  EXPECT_EQ(body["error_us"], 910'000 + 2500);
  EXPECT_EQ(body["state"], "unsynchronised");
}

TEST(ClockWitness, TheKernelsWordIsKeptAndCompared) {
  const KernelTime sure{true, 20'000, 3, -12'345, "insert"};
  const Json agreed = clock_body(good_tracking(), {}, sure, kNow_us, "before");
  EXPECT_EQ(agreed["agreement"], "agree");
  EXPECT_EQ(agreed["kernel_synchronised"], true);
  EXPECT_EQ(agreed["kernel_error_us"], 20'000);
  EXPECT_EQ(agreed["kernel_offset_us"], 3);
  EXPECT_EQ(agreed["kernel_freq_ppb"], -12'345);
  EXPECT_EQ(agreed["kernel_leap"], "insert");
  EXPECT_EQ(agreed["phase"], "before");
  ChronyTracking far = good_tracking();
  far.offset_us = 70'000;  // beyond what the kernel vouches for
  const Json against = clock_body(far, {heard("a", 70'000)}, sure, kNow_us, "during");
  EXPECT_EQ(against["agreement"], "contradict");
  EXPECT_EQ(against["error_us"], 70'000 + 2500);
  EXPECT_EQ(against["state"], "synchronised");
  // What does not vouch for itself contradicts nobody: chronyd -x never tells the kernel.
  const Json nobody = clock_body(far, {}, {false, 10, 0, 0, "normal"}, kNow_us, "during");
  EXPECT_EQ(nobody["agreement"], "alone");
  EXPECT_FALSE(nobody.contains("kernel_error_us"));
}

TEST(ClockWitness, ADifferenceOfMillisecondsIsNoContradiction) {
  EXPECT_EQ(clock_body(good_tracking(), {heard("a", -400 + 3100 + kClaimSlack_us)}, {}, kNow_us, "during")["agreement"], "agree");
  EXPECT_EQ(clock_body(good_tracking(), {heard("a", -400 + 3101 + kClaimSlack_us)}, {}, kNow_us, "during")["agreement"], "contradict");
}

TEST(ClockWitness, HoldoverIsNotSynchronised) {
  ChronyTracking lost = good_tracking();
  lost.reference_time_us = kNow_us - 3600LL * 1'000'000;
  lost.root_dispersion_us = 1'800'000;  // an hour at 500 ppm
  const Json body = clock_body(lost, {}, {}, kNow_us, "during");
  EXPECT_EQ(body["state"], "holdover");
  EXPECT_EQ(body["error_us"], 400 + 1'800'000 + 100);
}

TEST(ClockWitness, ServersAloneBoundAnUndisciplinedClock) {
  const Json body = clock_body(std::nullopt, {heard("a", 5000)}, {}, kNow_us, "during");
  EXPECT_EQ(body["state"], "unsynchronised");
  EXPECT_EQ(body["offset_us"], 5000);
  EXPECT_EQ(body["error_us"], 5000 + 500 + 2000);
  EXPECT_EQ(body["agreement"], "alone");
  const Json two = clock_body(std::nullopt, {heard("a", 5000), heard("b", 900'000)}, {}, kNow_us, "during");
  EXPECT_EQ(two["agreement"], "contradict");
  EXPECT_EQ(two["error_us"], 900'000 + 2500);
}

TEST(ClockWitness, NobodyKnowsIsADay) {
  const Json body = clock_body(std::nullopt, {}, {}, kNow_us, "during");
  EXPECT_EQ(body["state"], "unsynchronised");
  EXPECT_EQ(body["error_us"], kUnknownError_us);
}

}  // namespace
}  // namespace netsampler::capture
