#include "capture/screen/screen_stages.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/capture/collecting_sink.h"
#include "tests/capture/scripted_pixels.h"

namespace netsampler::capture {
namespace {

class StagesTest : public testing::Test {
 protected:
  ManualClock clock_;
  ScriptedPixels pixels_{clock_};
  ScriptedMeter meter_;
  FrameSlots slots_{64, 64, kSlots};
  EncodeQueue to_encode_{kSlots};
  WriteQueue to_write_{kWriteQueue};
  GrabStage grab_{pixels_, slots_, to_encode_, to_write_, clock_, meter_, {30, false}};
};

TEST_F(StagesTest, AStillScreenGivesOneHeartbeatASecond) {
  ASSERT_TRUE(grab_.step().ok());
  const auto first = to_encode_.pop();
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->heartbeat);
  slots_.give_back(first->slot);
  ASSERT_TRUE(grab_.step().ok());
  const auto second = to_encode_.pop();
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->heartbeat);
  EXPECT_EQ(second->at_us - first->at_us, kHeartbeatUs);
  EXPECT_EQ(std::count(second->changed.begin(), second->changed.end(), 1), 0);
}

TEST_F(StagesTest, NeverMoreThanTheFrameRate) {
  for (int i = 0; i < 100; ++i) pixels_.changes_us.push_back(clock_.boot + i * 1000);
  std::vector<std::int64_t> times;
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(grab_.step().ok());
    const auto frame = to_encode_.pop();
    ASSERT_TRUE(frame);
    times.push_back(frame->at_us);
    slots_.give_back(frame->slot);
  }
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_GE(times[i] - times[i - 1], 33'333);
}

TEST_F(StagesTest, WithoutAFreeSlotADropIsCountedAndTheChangeComesLater) {
  for (int i = 0; i < 5; ++i) pixels_.changes_us.push_back(clock_.boot + i * 100'000);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(grab_.step().ok());
  EXPECT_EQ(grab_.dropped(), 1);
  EXPECT_EQ(to_encode_.size(), kSlots);
  slots_.give_back(to_encode_.pop()->slot);
  ASSERT_TRUE(grab_.step().ok());
  std::optional<GrabbedFrame> last;
  while (to_encode_.size() > 0) last = to_encode_.pop();
  ASSERT_TRUE(last);
  EXPECT_EQ(last->dropped, 1);
  EXPECT_EQ(std::count(last->changed.begin(), last->changed.end(), 1), 1);
}

TEST_F(StagesTest, FromPixelsToSegmentsWithoutThreads) {
  EncoderSettings settings{64, 64};
  settings.block_info = true;
  auto encoder = Encoder::open(settings);
  ASSERT_TRUE(encoder.ok());
  EncodeStage encode(**encoder, slots_, to_encode_, to_write_);
  CollectingSink sink;
  WriteStage write(sink, to_write_, {"screen", "screen", "encoded", "h264", 64, 64, 0, (*encoder)->extradata()}, clock_);
  const std::int64_t from_us = clock_.boot;
  while (clock_.boot - from_us < 25'000'000) {
    ASSERT_TRUE(grab_.step().ok());
    while (to_encode_.size() > 0) ASSERT_TRUE(encode.step().ok());
    while (to_write_.size() > 0) ASSERT_TRUE(write.step().ok());
  }
  to_write_.close();
  ASSERT_TRUE(write.step().ok());
  ASSERT_GE(sink.segments.size(), 12U);
  std::int64_t key_us = sink.segments[0].first_us;
  EXPECT_TRUE(sink.segments[0].key);
  for (const Segment& segment : sink.segments) {
    EXPECT_LE(segment.first_us - key_us, 10'000'000);
    if (segment.key) key_us = segment.first_us;
    EXPECT_NEAR(static_cast<double>(segment.first_pts) * 100 / 9, static_cast<double>(segment.first_us - from_us), 12);
  }
  EXPECT_EQ(encode.frames(), 28);
}

TEST_F(StagesTest, AScreenWithoutTheStripIsAFinding) {
  GrabStage watching(pixels_, slots_, to_encode_, to_write_, clock_, meter_, {30, true});
  ASSERT_TRUE(watching.step().ok());
  clock_.advance(500'000);
  ASSERT_TRUE(watching.finish().ok());
  ASSERT_EQ(to_write_.size(), 1U);
  EXPECT_EQ(std::get<Note>(*to_write_.pop()).body["code"], "strip-absent");
}

}  // namespace
}  // namespace netsampler::capture
