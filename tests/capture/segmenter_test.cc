#include "capture/media/segmenter.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "capture/media/encoder.h"
#include "tests/capture/boxes.h"
#include "tests/capture/collecting_sink.h"

namespace netsampler::capture {
namespace {

class SegmenterTest : public testing::Test {
 protected:
  void SetUp() override {
    auto encoder = Encoder::open({64, 48});
    ASSERT_TRUE(encoder.ok());
    encoder_ = encoder.take();
    SourceInfo source{"screen", "screen", "encoded", "h264", 64, 48, kStartUs, encoder_->extradata()};
    auto segmenter = Segmenter::open(sink_, source);
    ASSERT_TRUE(segmenter.ok()) << segmenter.error().text;
    segmenter_ = segmenter.take();
  }

  Result<void> add_at(std::int64_t us, bool key = false, std::size_t least_bytes = 0) {
    const Bytes luma(64 * 48, 90), chroma(64 * 24, 128);
    const PictureView view{PixelLayout::nv12, {luma.data(), chroma.data(), nullptr}, {64, 64, 0}};
    Packet packet = TRY(encoder_->encode(view, ticks_of(us), key, {}));
    packet.bytes.resize(std::max(packet.bytes.size(), least_bytes));
    return segmenter_->add({packet.pts, kStartUs + us, packet.key, false, 0, packet.bytes});
  }

  static constexpr std::int64_t kStartUs = 7'000'000'000;
  CollectingSink sink_;
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<Segmenter> segmenter_;
};

TEST_F(SegmenterTest, CutsAtTwoSecondsAndDurationsMeet) {
  for (std::int64_t i = 0; i < 200; ++i) ASSERT_TRUE(add_at(i * 33'333, i == 0).ok());
  ASSERT_TRUE(segmenter_->finish().ok());
  ASSERT_GE(sink_.segments.size(), 4U);
  std::int64_t frames = 0;
  for (std::size_t i = 0; i < sink_.segments.size(); ++i) {
    const Segment& segment = sink_.segments[i];
    const std::int64_t end = segment.last_pts + segment.last_duration;
    EXPECT_LE(end - segment.first_pts, kSegmentTicks);
    EXPECT_EQ(segment.no, static_cast<std::int64_t>(i));
    if (i + 1 < sink_.segments.size()) {
      EXPECT_EQ(sink_.segments[i + 1].first_pts, end);
    }
    frames += segment.frames;
  }
  EXPECT_EQ(frames, 200);
  EXPECT_TRUE(sink_.notes.empty());
  EXPECT_TRUE(sink_.segments.front().key);
  EXPECT_FALSE(sink_.segments[1].key);
}

// Until a segment is sealed nobody knows that the recording holds: the first one is short, the others are not.
TEST_F(SegmenterTest, OnlyTheFirstSegmentIsShort) {
  CutRule rule;
  std::vector<std::int64_t> begun;
  for (std::int64_t i = 0; i < 200; ++i) {
    ASSERT_TRUE(add_at(i * 33'333, i == 0).ok());
    if (rule.take(ticks_of(i * 33'333), false)) begun.push_back(ticks_of(i * 33'333));
  }
  ASSERT_TRUE(segmenter_->finish().ok());
  ASSERT_GE(sink_.segments.size(), 3U);
  ASSERT_EQ(sink_.segments.size(), begun.size());
  for (std::size_t i = 0; i < begun.size(); ++i) EXPECT_EQ(sink_.segments[i].first_pts, begun[i]) << i;  // an encoder's IDRs meet the cuts
  EXPECT_GE(begun[1], kFirstCutTicks);
  EXPECT_LT(begun[1], kFirstCutTicks + 3'000);
  EXPECT_GE(begun[2] - begun[1], kCutTicks);
}

// The bytes of a segment have a bound; one frame alone may be larger. Twin: the tests above, where time alone cuts.
TEST_F(SegmenterTest, ManyBytesAreCutBeforeTheirTime) {
  for (std::int64_t i = 0; i < 24; ++i) ASSERT_TRUE(add_at(i * 33'333, i == 0, i == 8 ? kSegmentBytes + 1 : 1 << 20).ok());
  ASSERT_TRUE(segmenter_->finish().ok());
  std::vector<std::int64_t> frames;
  for (const Segment& segment : sink_.segments) frames.push_back(segment.frames);
  EXPECT_EQ(frames, (std::vector<std::int64_t>{4, 4, 1, 4, 4, 4, 3}));
  for (std::size_t i = 1; i < sink_.segments.size(); ++i)
    EXPECT_EQ(sink_.segments[i].first_pts, sink_.segments[i - 1].last_pts + sink_.segments[i - 1].last_duration) << i;
  EXPECT_TRUE(sink_.notes.empty());
}

TEST_F(SegmenterTest, SparseFramesStayWithinTwoSeconds) {
  const std::int64_t at_ms[] = {0, 500, 1450, 2400, 3350, 4300, 5250};
  for (const auto ms : at_ms) ASSERT_TRUE(add_at(ms * 1000, ms == 0).ok());
  ASSERT_TRUE(segmenter_->finish().ok());
  std::int64_t end = 0;
  for (const auto& segment : sink_.segments) {
    EXPECT_EQ(segment.first_pts, end);
    end = segment.last_pts + segment.last_duration;
    EXPECT_LE(end - segment.first_pts, kSegmentTicks);
  }
  EXPECT_EQ(end, ticks_of(5'250'000) + kLastFrameTicks);
}

TEST_F(SegmenterTest, EveryKeyFrameBeginsASegment) {
  for (std::int64_t i = 0; i < 20; ++i) ASSERT_TRUE(add_at(i * 100'000, i % 5 == 0).ok());
  ASSERT_TRUE(segmenter_->finish().ok());
  ASSERT_EQ(sink_.segments.size(), 4U);
  for (const auto& segment : sink_.segments) {
    EXPECT_TRUE(segment.key);
    EXPECT_EQ(segment.frames, 5);
  }
}

TEST_F(SegmenterTest, AGapIsNotedAndTheFileJumps) {
  ASSERT_TRUE(add_at(0, true).ok());
  ASSERT_TRUE(add_at(500'000).ok());
  ASSERT_TRUE(add_at(5'000'000, true).ok());
  ASSERT_TRUE(segmenter_->finish().ok());
  ASSERT_EQ(sink_.segments.size(), 2U);
  ASSERT_EQ(sink_.notes.size(), 1U);
  EXPECT_EQ(sink_.notes[0].type, "gap");
  EXPECT_EQ(sink_.notes[0].body["from_us"], kStartUs + 500'000);
  EXPECT_EQ(sink_.notes[0].body["to_us"], kStartUs + 5'000'000);
  EXPECT_EQ(sink_.segments[0].last_duration, kLastFrameTicks);
  EXPECT_EQ(decode_time(sink_.segments[1].bytes), static_cast<std::uint64_t>(ticks_of(5'000'000)));
}

TEST_F(SegmenterTest, FramesAHeartbeatApartAreNoGap) {
  for (std::int64_t i = 0; i < 6; ++i) ASSERT_TRUE(add_at(i * 1'050'000, i == 0).ok());
  ASSERT_TRUE(segmenter_->finish().ok());
  EXPECT_TRUE(sink_.notes.empty());
}

TEST_F(SegmenterTest, ExpireHandsOverWhatIsHeldOnlyAfterItsTime) {
  ASSERT_TRUE(add_at(0, true).ok());
  ASSERT_TRUE(segmenter_->expire(kStartUs + 2'900'000).ok());
  EXPECT_TRUE(sink_.segments.empty());
  ASSERT_TRUE(segmenter_->expire(kStartUs + 3'100'000).ok());
  ASSERT_EQ(sink_.segments.size(), 1U);
  ASSERT_TRUE(add_at(1'000'000).ok());  // a frame that waited somewhere: its segment cannot meet the one handed over
  EXPECT_EQ(sink_.notes.size(), 1U);
}

TEST_F(SegmenterTest, RefusesTimeThatDoesNotGrow) {
  ASSERT_TRUE(segmenter_->add({900, kStartUs, true, false, 0, {0, 0, 0, 1, 9}}).ok());
  EXPECT_FALSE(segmenter_->add({900, kStartUs, false, false, 0, {0, 0, 0, 1, 9}}).ok());
}

TEST_F(SegmenterTest, ContainerHasOneTrackNoEditListAndExactTimes) {
  for (std::int64_t i = 0; i < 100; ++i) ASSERT_TRUE(add_at(i * 100'000, i == 0).ok());
  ASSERT_TRUE(segmenter_->finish().ok());
  EXPECT_EQ(top_boxes(sink_.init), (std::vector<std::string>{"ftyp", "moov"}));
  EXPECT_TRUE(box_at(sink_.init, {"moov", "trak", "mdia"}).has_value());
  EXPECT_FALSE(box_at(sink_.init, {"moov", "trak", "edts"}).has_value());
  for (const auto& segment : sink_.segments) {
    EXPECT_EQ(decode_time(segment.bytes), static_cast<std::uint64_t>(segment.first_pts));
    const auto types = top_boxes(segment.bytes);
    EXPECT_EQ(types[types.size() - 2], "moof");
    EXPECT_EQ(types.back(), "mdat");
  }
}

TEST_F(SegmenterTest, FirstFailureOfTheSinkComesBack) {
  sink_.fail_at = 1;
  Result<void> outcome;
  for (std::int64_t i = 0; i < 60 && outcome.ok(); ++i) outcome = add_at(i * 100'000, i == 0);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().kind, ErrorKind::full);
  EXPECT_EQ(sink_.segments.size(), 1U);
}

TEST(Ticks, AgreeWithMicrosecondsWithinATick) {
  for (const std::int64_t us : {0LL, 1LL, 11LL, 12LL, 33'333LL, 86'400'000'000LL}) {
    EXPECT_LE(ticks_of(us) * 100 / 9, us);
    EXPECT_LT(us - ticks_of(us) * 100 / 9, 12);
  }
}

}  // namespace
}  // namespace netsampler::capture
