// Why a picture came late: the decision by scripts, the watchdog by hand, the grab stage on a scripted clock. Each with the twin that is none.
#include "capture/media/hardship.h"

#include <gtest/gtest.h>

#include "tests/capture/grab_fixture.h"

namespace netsampler::capture {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

std::string cause(const Lateness& late) { return gap_cause(late); }

TEST(GapCause, WhatExplainsHalfOfTheGapIsTheCause) {
  EXPECT_EQ(cause({5 * kSecond, {}, {3 * kSecond, 0, 0}}), "suspended");
  EXPECT_EQ(cause({5 * kSecond, {}, {0, 3 * kSecond, 0}}), "starved");
  EXPECT_EQ(cause({5 * kSecond, {}, {0, 0, 3 * kSecond}}), "stopped");
  EXPECT_EQ(cause({5 * kSecond, {}, {}, 3 * kSecond}), "display");
  EXPECT_EQ(cause({5 * kSecond, {}, {}, 0, true}), "backlog");
}

TEST(GapCause, WhatExplainsLessIsNotAndWhatWasBeforeDoesNotCount) {
  EXPECT_EQ(cause({5 * kSecond, {}, {2 * kSecond, 2 * kSecond, 2 * kSecond}, 2 * kSecond}), "stalled");
  EXPECT_EQ(cause({5 * kSecond, {9 * kSecond, 9 * kSecond, 9 * kSecond}, {9 * kSecond, 9 * kSecond, 9 * kSecond}}), "stalled");
}

TEST(GapCause, AStoppedProgramThatWaitedForTheDisplayWasStopped) {
  EXPECT_EQ(cause({5 * kSecond, {}, {0, 0, 5 * kSecond}, 5 * kSecond}), "stopped");
  EXPECT_EQ(cause({5 * kSecond, {}, {0, 5 * kSecond, 5 * kSecond}, 5 * kSecond}), "starved");
}

TEST(Pulse, TurnsInTimeAreNoStop) {
  Pulse pulse;
  for (std::int64_t at = kSecond; at < 10 * kSecond; at += Pulse::kTurnUs) pulse.tick(at, 0, Pulse::kTurnUs);
  EXPECT_EQ(pulse.stopped_us(10 * kSecond), 0);
}

TEST(Pulse, ALateTurnIsAStopAlreadyWhileItIsOverdue) {
  Pulse pulse;
  pulse.tick(kSecond, 0, Pulse::kTurnUs);
  EXPECT_EQ(pulse.stopped_us(6 * kSecond), 5 * kSecond - Pulse::kTurnUs);
  pulse.tick(6 * kSecond, 0, Pulse::kTurnUs);
  EXPECT_EQ(pulse.stopped_us(6 * kSecond), 5 * kSecond - Pulse::kTurnUs);
}

TEST(Pulse, ATurnThatWasLateForWantOfAProcessorIsNone) {
  Pulse pulse;
  pulse.tick(kSecond, 0, Pulse::kTurnUs);
  pulse.tick(6 * kSecond, 5 * kSecond, Pulse::kTurnUs);
  EXPECT_EQ(pulse.stopped_us(6 * kSecond), 0);
}

TEST(SystemHardship, GrowsAndKnowsNoStopWhereNoneWas) {
  Pulse pulse;
  const SystemHardship meter(pulse);
  const Hardship before = meter.measure();
  pulse.tick(monotonic_us(), 0, 60 * kSecond);
  const Hardship after = meter.measure();
  EXPECT_GE(after.starved_us, before.starved_us);
  EXPECT_NEAR(static_cast<double>(after.asleep_us), static_cast<double>(before.asleep_us), 1e5);
  EXPECT_EQ(after.stopped_us, 0);
}

TEST(LateWatch, MeasuresWhereAPictureIsLateAndElseFourTimesASecond) {
  ScriptedMeter meter;
  LateWatch watch(meter);
  for (std::int64_t at = kSecond; at < 11 * kSecond; at += 33'333) EXPECT_STREQ(watch.cause_at(at), "stalled");
  EXPECT_LE(meter.asked, 41);
  EXPECT_GE(meter.asked, 35);
  const int asked = meter.asked;
  meter.now.starved_us = 3 * kSecond;
  EXPECT_STREQ(watch.cause_at(16 * kSecond), "starved");
  EXPECT_EQ(meter.asked, asked + 1);
}

TEST(LateWatch, WhatWasASecondBeforeIsHeldAgainstNoGapBehindIt) {
  ScriptedMeter meter;
  LateWatch watch(meter);
  std::int64_t at = kSecond;
  for (int n = 0; n < 60; ++n) {
    if (n == 30) meter.now.starved_us = 3 * kSecond;
    EXPECT_STREQ(watch.cause_at(at += 33'333), "stalled");
  }
  EXPECT_STREQ(watch.cause_at(at + 5 * kSecond), "stalled");
}

class LateFrames : public GrabFixture {
 protected:
  GrabbedFrame next() {
    EXPECT_TRUE(grab_.step().ok());
    auto frame = to_encode_.pop();
    if (frame) slots_.give_back(frame->slot);
    return frame ? *frame : GrabbedFrame();
  }
};

TEST_F(LateFrames, ASuspendBetweenTwoFramesIsTheCauseOfTheSecondAlone) {
  next();
  clock_.advance(60 * kSecond);
  meter_.now.asleep_us = 60 * kSecond;
  EXPECT_STREQ(next().gap_cause, "suspended");
  EXPECT_STREQ(next().gap_cause, "stalled");  // the heartbeat behind it, which is not late
}

TEST_F(LateFrames, ADisplayThatTakesLongToAnswer) {
  next();
  pixels_.fetch_takes_us = 4 * kSecond;
  EXPECT_STREQ(next().gap_cause, "display");
  pixels_.fetch_takes_us = 0;
  EXPECT_STREQ(next().gap_cause, "stalled");
}

TEST_F(LateFrames, NobodyTookTheFrames) {
  for (int i = 0; i < 8; ++i) pixels_.changes_us.push_back(clock_.boot + i * kSecond);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(grab_.step().ok());  // three slots, and two drops
  while (to_encode_.size() > 0) slots_.give_back(to_encode_.pop()->slot);
  EXPECT_STREQ(next().gap_cause, "backlog");
}

TEST_F(LateFrames, ADisplayThatIsGivenUpLeavesItsGapAndAPunctualOneNone) {
  next();
  clock_.advance(kSecond);
  grab_.give_up();
  EXPECT_EQ(to_write_.size(), 0U);
  clock_.advance(4 * kSecond);
  grab_.give_up();
  ASSERT_EQ(to_write_.size(), 1U);
  const Note note = std::get<Note>(*to_write_.pop());
  EXPECT_EQ(note.type, "gap");
  EXPECT_EQ(note.body["cause"], "display");
  EXPECT_EQ(int_or(note.body, "to_us", 0) - int_or(note.body, "from_us", 0), 5 * kSecond);
}

}  // namespace
}  // namespace netsampler::capture
