#include "capture/screen/screen_take.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/capture/collecting_sink.h"
#include "tests/capture/grab_fixture.h"

namespace netsampler::capture {
namespace {

using StagesTest = GrabFixture;

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
  EXPECT_EQ(std::ranges::count(slots_.changed(second->slot), 1), 0);
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
  EXPECT_EQ(std::ranges::count(slots_.changed(last->slot), 1), 1);
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

TEST_F(StagesTest, AScreenOfAnotherSizeEndsTheSourceAndOfTheSameSizeDoesNot) {
  pixels_.resize_at_us = clock_.boot + 500'000;
  ASSERT_TRUE(grab_.step().value_or(false));
  pixels_.resize_to = 64;
  EXPECT_TRUE(grab_.step().value_or(false));
  pixels_.resize_to = 96;
  const std::size_t frames = to_encode_.size();
  EXPECT_FALSE(grab_.step().value_or(true));
  ASSERT_TRUE(grab_.finish().ok());
  EXPECT_EQ(to_encode_.size(), frames);  // no picture of a screen that is not there any more
}

TEST_F(StagesTest, ASecondMonitorIsToldAndSoIsItsGoing) {
  pixels_.shown_on = {{0, 0, 32, 64}, {32, 0, 32, 64}};
  ASSERT_TRUE(grab_.step().ok());
  pixels_.shown_on.pop_back();
  ASSERT_TRUE(grab_.step().ok());
  ASSERT_TRUE(grab_.step().ok());
  ASSERT_EQ(to_write_.size(), 2U);
  const Json several = std::get<Note>(*to_write_.pop()).body, changed = std::get<Note>(*to_write_.pop()).body;
  EXPECT_EQ(several["code"], "several-monitors");
  EXPECT_EQ(several["count"], 2);
  EXPECT_EQ(several["severity"], "note");
  EXPECT_EQ(changed["code"], "monitors-changed");
  EXPECT_EQ(changed["count"], 1);
}

TEST_F(StagesTest, OneMonitorIsNothingToTell) {
  pixels_.shown_on = {{0, 0, 64, 64}};
  ASSERT_TRUE(grab_.step().ok());
  ASSERT_TRUE(grab_.step().ok());
  EXPECT_EQ(to_write_.size(), 0U);
}

// What a take hands over, written: sources, segments and notes.
class TakesTest : public StagesTest {
 protected:
  // Waiting moves the clock, so a take runs as fast as it can; the last one is stopped by its hundredth picture's time.
  void run(std::int64_t pause_us) {
    auto first = ScreenTake::open(pixels_, 1, {}, {30, false}, to_write_, clock_);
    ASSERT_TRUE(first.ok());
    WriteStage write(sink_, to_write_, (*first)->source(), clock_);
    const TakeEnd end = take(**first, write);
    ASSERT_TRUE(end.resized);
    ASSERT_TRUE(pixels_.follow().ok());
    clock_.advance(pause_us);
    auto second = ScreenTake::open(pixels_, 2, end, {30, false}, to_write_, clock_);
    ASSERT_TRUE(second.ok());
    to_write_.push(WriteItem((*second)->source()));
    pixels_.resize_at_us = clock_.boot + 2'000'000;  // to end it: back to the old size
    pixels_.resize_to = 64;
    EXPECT_TRUE(take(**second, write).resized);
    to_write_.close();
    while (write.step().value_or(false)) {
    }
  }
  TakeEnd take(ScreenTake& take, WriteStage& write) {
    const auto stop = Stop::make();
    const auto end = take.run(**stop, meter_, [this] { ++began_; });
    while (to_write_.size() > 0) EXPECT_TRUE(write.step().ok());
    return end.value_or({});
  }
  CollectingSink sink_;
  int began_ = 0;
};

TEST_F(TakesTest, AResizedScreenGoesOnInASourceOfItsOwn) {
  pixels_.shown_on = {{0, 0, 64, 64}};
  pixels_.resize_at_us = clock_.boot + 2'000'000;  // three pictures: as many as there are slots, should the encoder be slow
  pixels_.resize_to = 97;
  run(200'000);
  ASSERT_EQ(sink_.sources.size(), 2U);
  EXPECT_EQ(began_, 2);
  const SourceInfo &before = sink_.sources[0], &after = sink_.sources[1];
  EXPECT_EQ(before.name, "screen");
  EXPECT_EQ(before.follows, "");
  EXPECT_EQ(before.monitors.size(), 1U);
  EXPECT_EQ(after.name, "screen-2");
  EXPECT_EQ(after.follows, "screen");
  EXPECT_EQ(after.width, 98);
  EXPECT_EQ(after.height, 98);
  ASSERT_GE(sink_.segments.size(), 3U);
  EXPECT_EQ(sink_.owners.front(), "screen");
  EXPECT_EQ(sink_.owners.back(), "screen-2");
  const auto behind = std::find(sink_.owners.begin(), sink_.owners.end(), "screen-2") - sink_.owners.begin();
  const Segment& first = sink_.segments[static_cast<std::size_t>(behind)];
  EXPECT_EQ(first.no, 0);
  EXPECT_TRUE(first.key);
  EXPECT_EQ(first.first_pts, 0);
  EXPECT_EQ(first.first_us, after.start_us);
  ASSERT_EQ(sink_.notes.size(), 1U);
  EXPECT_EQ(sink_.notes[0].body["code"], "screen-resized");
  EXPECT_EQ(sink_.notes[0].body["to_us"], first.first_us);
}

TEST_F(TakesTest, WhereThatTookLongAGapIsTold) {
  pixels_.resize_at_us = clock_.boot + 2'000'000;  // three pictures: as many as there are slots, should the encoder be slow
  pixels_.resize_to = 128;
  run(1'500'000);
  ASSERT_EQ(sink_.notes.size(), 2U);
  const Json gap = sink_.notes[0].type == "gap" ? sink_.notes[0].body : sink_.notes[1].body;
  EXPECT_EQ(gap["source"], "screen-2");
  EXPECT_EQ(gap["cause"], "resized");
  EXPECT_GE(gap["to_us"].get<std::int64_t>() - gap["from_us"].get<std::int64_t>(), 1'500'000);
}

}  // namespace
}  // namespace netsampler::capture
