#include "evidence/base/kernel_time.h"

#include <gtest/gtest.h>

namespace netsampler {
namespace {

timex said() {
  timex time{};
  time.status = STA_PLL | STA_NANO;
  time.maxerror = 7'000;
  time.offset = -1'234'000;   // ns
  time.freq = -20 * 65'536;   // ppm in 16.16
  time.tick = 10'001;         // 100 ppm
  return time;
}

TEST(KernelTime, IsReadInMicrosecondsAndPartsOfABillion) {
  const KernelTime time = kernel_time_from(said(), TIME_OK);
  EXPECT_TRUE(time.synchronised);
  EXPECT_EQ(time.error_us, 7'000);
  EXPECT_EQ(time.offset_us, -1'234);
  EXPECT_EQ(time.frequency_ppb, 80'000);
  EXPECT_EQ(time.leap, "normal");
  timex micro = said();
  micro.status = STA_PLL;
  EXPECT_EQ(kernel_time_from(micro, TIME_OK).offset_us, -1'234'000);
}

TEST(KernelTime, UnsynchronisedByStateByFlagOrByFailure) {
  EXPECT_FALSE(kernel_time_from(said(), TIME_ERROR).synchronised);
  EXPECT_FALSE(kernel_time_from(said(), -1).synchronised);
  timex flagged = said();
  flagged.status |= STA_UNSYNC;
  EXPECT_FALSE(kernel_time_from(flagged, TIME_OK).synchronised);
}

TEST(KernelTime, LeapSecondsHaveNames) {
  EXPECT_EQ(kernel_time_from(said(), TIME_INS).leap, "insert");
  EXPECT_EQ(kernel_time_from(said(), TIME_OOP).leap, "insert");
  EXPECT_EQ(kernel_time_from(said(), TIME_WAIT).leap, "insert");
  EXPECT_EQ(kernel_time_from(said(), TIME_DEL).leap, "delete");
}

TEST(KernelTime, ThisMachineAnswers) {
  const KernelTime time = kernel_time();
  EXPECT_GE(time.error_us, 0);
  EXPECT_LT(std::abs(time.frequency_ppb), 200'000'000);
}

}  // namespace
}  // namespace netsampler
