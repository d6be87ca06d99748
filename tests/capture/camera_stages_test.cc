// The camera's stages by hand: a stream that stalls, breaks, comes back, or does not; with a clock that stands until told.
#include "capture/camera/camera_stages.h"

#include <gtest/gtest.h>

#include <deque>

namespace netsampler::capture {
namespace {

constexpr int kWidth = 64, kHeight = 48;

CameraPicture picture(std::int64_t arrived_us, int width = kWidth) {
  auto pixels = std::make_shared<Bytes>(static_cast<std::size_t>(width * kHeight * 3 / 2), 120);
  CameraPicture made;
  made.view.layout = PixelLayout::i420;
  const auto* base = pixels->data();
  made.view.planes[0] = base;
  made.view.planes[1] = base + width * kHeight;
  made.view.planes[2] = base + width * kHeight * 5 / 4;
  made.view.strides[0] = width;
  made.view.strides[1] = made.view.strides[2] = width / 2;
  made.width = width;
  made.height = kHeight;
  made.arrived_us = arrived_us;
  made.keeper = std::move(pixels);
  return made;
}

using Answer = Result<std::optional<CameraPicture>>;
Answer shown(std::int64_t arrived_us) { return std::optional<CameraPicture>(picture(arrived_us)); }
Error gone() { return fail(ErrorKind::unavailable, "the cable is out"); }

class FakeStream final : public CameraStream {
 public:
  FakeStream(std::deque<Answer> answers, bool file) : answers_(std::move(answers)), file_(file) {}
  Answer next() override {
    if (answers_.empty()) return std::optional<CameraPicture>();
    Answer answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }
  bool ends() const override { return file_; }

 private:
  std::deque<Answer> answers_;
  bool file_;
};

std::unique_ptr<CameraStream> stream(std::deque<Answer> answers, bool file = false) {
  return std::make_unique<FakeStream>(std::move(answers), file);
}

class ReadStageTest : public testing::Test {
 protected:
  ReadStage stage(std::unique_ptr<CameraStream> from, CameraOpener opener) {
    return ReadStage(std::move(opener), std::move(from), picture(clock_.boot_us()), out_, watch_, clock_, *stop_);
  }
  ManualClock clock_;
  std::unique_ptr<Stop> stop_ = Stop::make().take();
  PictureQueue out_{3};
  WatchQueue watch_{1};
};

TEST_F(ReadStageTest, HandsPicturesOnAndOneOfThemToTheReaderOfCodes) {
  auto read = stage(stream({shown(clock_.boot_us() + 66'000)}, true), [] { return gone(); });
  EXPECT_TRUE(*read.step());
  EXPECT_TRUE(*read.step());
  EXPECT_FALSE(*read.step());  // the file is over
  EXPECT_EQ(out_.size(), 2U);
  EXPECT_EQ(watch_.size(), 1U);
  EXPECT_EQ(out_.pop()->at_us, clock_.boot_us());
  EXPECT_EQ(out_.pop()->at_us, clock_.boot_us() + 66'000);
}

TEST_F(ReadStageTest, CountsWhatFindsNoPlace) {
  std::deque<Answer> many;
  for (int n = 1; n <= 4; ++n) many.push_back(shown(clock_.boot_us() + n * 66'000));
  auto read = stage(stream(std::move(many), true), [] { return gone(); });
  while (*read.step()) {
  }
  EXPECT_EQ(out_.size(), 3U);
  EXPECT_EQ(read.dropped(), 2);
}

TEST_F(ReadStageTest, OpensALostCameraAgain) {
  int opened = 0;
  auto read = stage(stream({Answer(gone())}), [&]() -> Result<std::unique_ptr<CameraStream>> {
    if (++opened < 2) return gone();
    return stream({shown(clock_.boot_us() + 900'000)});
  });
  for (int turn = 0; turn < 5; ++turn) ASSERT_TRUE(*read.step());
  EXPECT_EQ(opened, 2);
  EXPECT_FALSE(out_.pop()->reconnected);
  const auto after = out_.pop();
  EXPECT_TRUE(after->reconnected);
  EXPECT_EQ(after->at_us, clock_.boot_us() + 900'000);
}

TEST_F(ReadStageTest, GivesUpAfterAMinute) {
  auto read = stage(stream({Answer(gone())}), [] { return gone(); });
  ASSERT_TRUE(*read.step());
  ASSERT_TRUE(*read.step());  // lost
  ASSERT_TRUE(*read.step());  // not there, yet
  clock_.advance(kAwayLimit_us + 1);
  const auto over = read.step();
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().kind, ErrorKind::unavailable);
}

TEST_F(ReadStageTest, ADamagedFileIsAnErrorAndAStopIsNone) {
  auto damaged = stage(stream({Answer(fail(ErrorKind::invalid, "torn"))}, true), [] { return gone(); });
  ASSERT_TRUE(*damaged.step());
  const auto torn = damaged.step();
  ASSERT_FALSE(torn.ok());
  EXPECT_EQ(torn.error().kind, ErrorKind::invalid);
  auto stopped = stage(stream({}), [] { return gone(); });
  stop_->ask();
  EXPECT_FALSE(*stopped.step());
}

class CameraEncodeTest : public testing::Test {
 protected:
  void give(std::int64_t at_us, bool reconnected = false, int width = kWidth) {
    clock_.boot = at_us;
    ASSERT_TRUE(in_.push({picture(at_us, width), at_us, 0, reconnected}));
  }
  std::vector<EncodedFrame> frames() {
    std::vector<EncodedFrame> taken;
    while (auto item = out_.pop_for(std::chrono::microseconds(0)))
      if (auto* frame = std::get_if<EncodedFrame>(&*item))
        taken.push_back(std::move(*frame));
      else
        notes_.push_back(std::get<Note>(*item));
    return taken;
  }
  static EncoderSettings settings() {
    EncoderSettings wanted{kWidth, kHeight};
    wanted.layout = PixelLayout::i420;
    return wanted;
  }
  ManualClock clock_;
  PictureQueue in_{4};
  WriteQueue out_{64};
  std::unique_ptr<Encoder> encoder_ = Encoder::open(settings()).take();
  CameraEncodeStage stage_{*encoder_, kWidth, kHeight, in_, out_, clock_};
  std::vector<Note> notes_;
};

TEST_F(CameraEncodeTest, EncodesWithTheTimesOfThePictures) {
  for (std::int64_t at_us : {5'000'000, 5'066'000, 5'133'000}) {
    give(at_us);
    ASSERT_TRUE(*stage_.step());
  }
  const auto encoded = frames();
  ASSERT_EQ(encoded.size(), 3U);
  EXPECT_TRUE(encoded[0].key);
  EXPECT_EQ(encoded[0].pts, 0);
  EXPECT_EQ(encoded[1].pts, ticks_of(66'000));
  EXPECT_EQ(encoded[2].at_us, 5'133'000);
  EXPECT_FALSE(encoded[2].heartbeat);
  EXPECT_TRUE(notes_.empty());
}

TEST_F(CameraEncodeTest, BeatsWhileNothingComesAndThenSaysSo) {
  give(5'000'000);
  ASSERT_TRUE(*stage_.step());
  for (int beat = 1; beat <= 3; ++beat) {
    clock_.advance(kHeartbeatUs);
    ASSERT_TRUE(*stage_.step());
  }
  give(8'000'000, true);
  ASSERT_TRUE(*stage_.step());
  const auto encoded = frames();
  ASSERT_EQ(encoded.size(), 5U);
  for (std::size_t n = 1; n < 4; ++n) EXPECT_TRUE(encoded[n].heartbeat) << n;
  EXPECT_FALSE(encoded[4].heartbeat);
  for (std::size_t n = 1; n < 5; ++n) EXPECT_LE(encoded[n].at_us - encoded[n - 1].at_us, kGapUs) << n;
  ASSERT_EQ(notes_.size(), 1U);
  EXPECT_EQ(notes_[0].type, "gap");
  EXPECT_EQ(notes_[0].body, (Json{{"source", "camera"}, {"cause", "reconnect"}, {"from_us", 5'000'000}, {"to_us", 8'000'000}}));
}

TEST_F(CameraEncodeTest, AShortPauseIsNoGap) {
  give(5'000'000);
  ASSERT_TRUE(*stage_.step());
  give(6'000'000);
  ASSERT_TRUE(*stage_.step());
  EXPECT_EQ(frames().size(), 2U);
  EXPECT_TRUE(notes_.empty());
}

TEST_F(CameraEncodeTest, AStallThatLastsToTheEndIsAGapToo) {
  give(5'000'000);
  ASSERT_TRUE(*stage_.step());
  clock_.advance(4'000'000);
  ASSERT_TRUE(*stage_.step());  // a heartbeat
  in_.close();
  EXPECT_FALSE(*stage_.step());
  EXPECT_EQ(frames().size(), 2U);
  ASSERT_EQ(notes_.size(), 1U);
  EXPECT_EQ(notes_[0].body["cause"], "stalled");
  EXPECT_EQ(notes_[0].body["to_us"], 9'000'000);
}

TEST_F(CameraEncodeTest, AnotherSizeEndsTheRecording) {
  give(5'000'000);
  ASSERT_TRUE(*stage_.step());
  give(5'066'000, false, 32);
  const auto refused = stage_.step();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace netsampler::capture
