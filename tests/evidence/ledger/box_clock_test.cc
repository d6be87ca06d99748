#include "evidence/ledger/box_clock.h"

#include <gtest/gtest.h>

namespace netsampler {
namespace {

Json measured(const char* state, std::int64_t error_us) { return {{"state", state}, {"offset_us", 40}, {"error_us", error_us}}; }

struct BoxClockTest : ::testing::Test {
  ManualClock clock;
  KernelTime kernel;
  BoxClock box{clock, [this] { return kernel; }};
};

TEST_F(BoxClockTest, BeforeAnyMeasurementTheKernelsWordCounts) {
  EXPECT_EQ(box.stamp({}).clock, "unsynchronised");
  EXPECT_EQ(box.stamp({}).err_us, kUnsynchronisedUs);
  kernel = {true, 7000};
  EXPECT_EQ(box.stamp({}).clock, "synchronised");
  EXPECT_EQ(box.stamp({}).err_us, 7000);
  EXPECT_EQ(box.report()["age_us"], -1);
}

TEST_F(BoxClockTest, TheBoundGrowsWithTheAgeAndThenItIsHoldover) {
  box.observe(measured("synchronised", 1000));
  clock.advance(100'000'000);
  EXPECT_EQ(box.stamp({}).clock, "synchronised");
  EXPECT_EQ(box.stamp({}).err_us, 1000 + 50'000);
  clock.advance(20'000'001);
  EXPECT_EQ(box.stamp({}).clock, "holdover");
  box.observe(measured("synchronised", 1000));
  EXPECT_EQ(box.stamp({}).clock, "synchronised");
  EXPECT_EQ(box.stamp({}).err_us, 1000);
}

TEST_F(BoxClockTest, AnUnsynchronisedClockNeverCountsAsHoldover) {
  box.observe(measured("unsynchronised", 0));
  clock.advance(500'000'000);
  EXPECT_EQ(box.stamp({}).clock, "unsynchronised");
  EXPECT_GE(box.stamp({}).err_us, kUnsynchronisedUs);
  box.observe(measured("excellent", 0));
  EXPECT_EQ(box.stamp({}).clock, "unsynchronised");
}

TEST_F(BoxClockTest, AStepBeyondTheBoundsIsSaid) {
  box.observe(measured("synchronised", 1000));
  ChainTimes chain;
  chain.take(box.stamp(chain));
  clock.utc += 1000;  // within the measurement's bound
  EXPECT_EQ(box.stamp(chain).clock, "synchronised");
  EXPECT_EQ(box.stamp(chain).err_us, 2000);
  clock.utc += 1100;
  const Stamp stepped = box.stamp(chain);
  EXPECT_EQ(stepped.clock, "stepped");
  EXPECT_EQ(stepped.err_us, 1000 + 2100);
  chain.take(stepped);
  EXPECT_EQ(box.stamp(chain).clock, "unsynchronised");
  box.observe(measured("synchronised", 1000));
  EXPECT_EQ(box.stamp(chain).clock, "synchronised");
  EXPECT_EQ(box.stamp(chain).err_us, 1000);
}

TEST_F(BoxClockTest, AClockSetSinceItWasMeasuredAddsToTheBound) {
  constexpr std::int64_t kMonth_us = 30LL * 86'400'000'000;
  for (const std::int64_t step_us : {kMonth_us, -kMonth_us, std::int64_t{1'000'000}}) {
    box.observe(measured("synchronised", 1000));
    clock.advance(10'000'000);
    EXPECT_EQ(box.stamp({}).err_us, 1000 + 5000);
    clock.utc += step_us;
    EXPECT_EQ(box.stamp({}).clock, "unsynchronised");
    EXPECT_EQ(box.stamp({}).err_us, 1000 + std::abs(step_us));  // the drift's 5,000 stand in both
    EXPECT_EQ(box.report()["state"], "unsynchronised");
  }
}

TEST_F(BoxClockTest, NoClockIsSoWrongThatItsRecordCannotBeWritten) {
  box.observe(measured("unsynchronised", kMostErrorUs));
  clock.utc += 200LL * 365 * 86'400'000'000;
  EXPECT_EQ(box.stamp({}).err_us, kMostErrorUs);
}

TEST_F(BoxClockTest, ASleepIsHoldoverNoStep) {
  box.observe(measured("synchronised", 1000));
  ChainTimes chain;
  chain.take(box.stamp(chain));
  clock.advance(7'200'000'000);  // BOOTTIME runs on
  EXPECT_EQ(box.stamp(chain).clock, "holdover");
  EXPECT_EQ(box.stamp(chain).err_us, 1000 + 3'600'000);
}

TEST_F(BoxClockTest, ManySmallStepsAddUpToOne) {
  box.observe(measured("synchronised", 1000));
  ChainTimes chain;
  std::string last;
  for (int i = 0; i < 3 && last != "stepped"; ++i) {
    chain.take(box.stamp(chain));
    EXPECT_NE(chain.last->clock, "stepped");
    clock.utc -= 900;
    last = box.stamp(chain).clock;
  }
  EXPECT_EQ(last, "stepped");
}

TEST_F(BoxClockTest, AnotherBootIsNoStep) {
  box.observe(measured("synchronised", 1000));
  ChainTimes chain;
  chain.take(box.stamp(chain));
  ManualClock later;
  later.id = "00000000-0000-4000-8000-000000000002";
  later.boot = 1;
  const BoxClock after(later, [] { return KernelTime{true, 1000}; });
  EXPECT_EQ(after.stamp(chain).clock, "synchronised");
}

}  // namespace
}  // namespace netsampler
