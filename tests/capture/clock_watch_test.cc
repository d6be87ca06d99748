#include "capture/clock/clock_watch.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "capture/clock/clock_alarm.h"
#include "capture/clock/clock_teller.h"

namespace netsampler::capture {
namespace {

using Troubles = std::vector<ClockTrouble>;

struct Clocks {
  ClockReading now{1'800'000'000'000'000, 5'000'000'000, 5'000'000'000, 5'000'000'000};
  // `bent_ppm`: the rate of all but the raw clock. `drift_ppm`: UTC's alone, which no Linux does, against BOOTTIME.
  void pass(std::int64_t raw_us, std::int64_t bent_ppm = 0, std::int64_t drift_ppm = 0) {
    const std::int64_t bent_us = raw_us + raw_us / 1'000'000 * bent_ppm;
    now.raw_us += raw_us, now.monotonic_us += bent_us, now.boot_us += bent_us;
    now.utc_us += bent_us + raw_us / 1'000'000 * drift_ppm;
  }
  void suspend(std::int64_t us) { now.utc_us += us, now.boot_us += us; }
};

TEST(ClockWatch, ASteadyClockMovesNot) {
  Clocks clocks;
  ClockWatch watch;
  const ClockMove first = watch.look(clocks.now);
  EXPECT_FALSE(first.step_us || first.slew_ppb);
  clocks.pass(16'000'000);
  const ClockMove next = watch.look(clocks.now);
  EXPECT_FALSE(next.step_us);
  EXPECT_EQ(next.slew_ppb, 0);
}

TEST(ClockWatch, StepsAreToldWithTheirSize) {
  for (const std::int64_t step_us : {1'000'000LL, -1'000'000LL, 30LL * 86'400'000'000, -30LL * 86'400'000'000, 9'100LL}) {
    Clocks clocks;
    ClockWatch watch;
    watch.look(clocks.now);
    clocks.pass(16'000'000);
    clocks.now.utc_us += step_us;
    const ClockMove move = watch.look(clocks.now);
    EXPECT_EQ(move.step_us, step_us);
    Json body = Json::object();
    put_move(move, body);
    EXPECT_EQ(body["step_us"], step_us);
    EXPECT_EQ(body["step_boot_us"], clocks.now.boot_us);
    clocks.pass(16'000'000);
    EXPECT_FALSE(watch.look(clocks.now).step_us);
  }
}

TEST(ClockWatch, WhatTheReadingMayErrIsNoStep) {
  Clocks clocks;
  ClockWatch watch;
  watch.look(clocks.now);
  clocks.pass(16'000'000);
  clocks.now.utc_us += 9'000;  // 1 ms and 500 ppm of 16 s
  EXPECT_FALSE(watch.look(clocks.now).step_us);
}

TEST(ClockWatch, DriftOf100PpmIsNoStepOf1000PpmIs) {
  for (const auto& [ppm, step] : {std::pair{100, false}, {-100, false}, {1000, true}, {-1000, true}}) {
    Clocks clocks;
    ClockWatch watch;
    watch.look(clocks.now);
    clocks.pass(16'000'000, 0, ppm);
    EXPECT_EQ(watch.look(clocks.now).step_us.has_value(), step) << ppm;
  }
}

TEST(ClockWatch, ASleepIsNeitherStepNorSlew) {
  Clocks clocks;
  ClockWatch watch;
  watch.look(clocks.now);
  clocks.pass(8'000'000);
  clocks.suspend(7'200'000'000);
  const ClockMove move = watch.look(clocks.now);
  EXPECT_FALSE(move.step_us);
  EXPECT_EQ(move.slew_ppb, 0);
}

TEST(ClockWatch, SlewsAreToldOverFourSecondsAndMore) {
  Clocks clocks;
  ClockWatch watch;
  watch.look(clocks.now);
  clocks.pass(3'000'000, 600);
  EXPECT_FALSE(watch.look(clocks.now).slew_ppb);
  clocks.pass(3'000'000, 600);
  const ClockMove move = watch.look(clocks.now);
  EXPECT_EQ(move.slew_ppb, 600'000);
  EXPECT_FALSE(move.step_us);  // UTC and BOOTTIME are bent together
}

TEST(ClockWatch, ARateBeyondTheKernelsOwnIsATrouble) {
  EXPECT_EQ(troubles_of({{"slew_ppb", 500'000}}), Troubles());
  EXPECT_EQ(troubles_of({{"slew_ppb", -500'001}}), Troubles({{"clock-slewed", "partial"}}));
  EXPECT_EQ(troubles_of({{"agreement", "agree"}}), Troubles());
  EXPECT_EQ(troubles_of({{"agreement", "outvoted"}}), Troubles({{"clock-source-outvoted", "note"}}));
  EXPECT_EQ(troubles_of({{"agreement", "contradict"}}), Troubles({{"clock-sources-disagree", "partial"}}));
}

TEST(ClockWatch, RealClocksOfThisMachineAgree) {
  ClockWatch watch;
  const ClockReading before = read_clocks();
  watch.look(before);
  const ClockReading after = read_clocks();
  EXPECT_GE(after.boot_us, before.boot_us);
  EXPECT_GE(after.raw_us, before.raw_us);
  EXPECT_FALSE(watch.look(after).slew_ppb);
}

Json told(bool server_answers) {
  return {{"state", "synchronised"}, {"error_us", 1000}, {"servers", Json::array({{{"server", "a"}, {"ok", server_answers}}})}};
}

TEST(StepDoubt, AStepAddsToTheBoundUntilChronydHasMeasuredAnew) {
  StepDoubt doubt;
  constexpr std::int64_t kReference_us = 1'800'000'000'000'000;
  Json body = told(false);
  doubt.settle({-2'000'000, 5, {}}, kReference_us, body);
  EXPECT_EQ(body["error_us"], 2'001'000);
  EXPECT_EQ(body["state"], "unsynchronised");
  doubt.settle({}, kReference_us + 900, body = told(false));
  EXPECT_EQ(body["error_us"], 2'001'000);
  doubt.settle({}, kReference_us + 64'000'000, body = told(false));
  EXPECT_EQ(body["error_us"], 1000);
  EXPECT_EQ(body["state"], "synchronised");
}

TEST(StepDoubt, ManyStepsStayWithinWhatARecordCanSay) {
  StepDoubt doubt;
  Json body;
  for (int i = 0; i < 5; ++i) doubt.settle({std::int64_t{1} << 51, 5, {}}, 1'800'000'000'000'000, body = told(false));
  EXPECT_EQ(body["error_us"], kMostError_us);
}

TEST(StepDoubt, AServerThatAnswersSettlesIt) {
  StepDoubt doubt;
  Json body = told(true);
  doubt.settle({1'000'000, 5, {}}, 1'800'000'000'000'000, body);
  EXPECT_EQ(body["error_us"], 1000);
  doubt.settle({}, 1'800'000'000'000'000, body = told(false));
  EXPECT_EQ(body["error_us"], 1000);
}

TEST(ClockAlarm, IsQuietWhileNobodySetsTheClock) {
  auto alarm = ClockAlarm::open();
  ASSERT_TRUE(alarm.ok());
  pollfd wait{alarm->fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&wait, 1, 20), 0);
  EXPECT_FALSE(alarm->was_set());
}

}  // namespace
}  // namespace netsampler::capture
