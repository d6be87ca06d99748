// The camera's stages by hand: a stream that stalls, breaks, comes back, or does not; with a clock that stands until told.
#include <gtest/gtest.h>

#include "capture/camera/camera_encode.h"
#include "tests/capture/scripted_camera.h"
#include "tests/capture/scripted_meter.h"

namespace netsampler::capture {
namespace {

using Answer = Result<std::optional<CameraUnit>>;
Error gone() { return fail(ErrorKind::unavailable, "the cable is out"); }

class FakeStream final : public CameraStream {
 public:
  FakeStream(std::deque<Answer> answers, bool file) : answers_(std::move(answers)), file_(file) {}
  Answer next() override {
    if (answers_.empty()) return std::optional<CameraUnit>();
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
  Answer shown(std::int64_t behind_us, bool key = false) { return std::optional<CameraUnit>(camera_.unit(clock_.boot_us() + behind_us, key)); }
  ReadStage stage(std::unique_ptr<CameraStream> from, CameraOpener opener) {
    std::deque<CameraUnit> first{camera_.unit(clock_.boot_us(), true)};
    return ReadStage(std::move(opener), std::move(from), std::move(first), out_, talk_, clock_, *stop_, meter_);
  }
  ManualClock clock_;
  std::unique_ptr<Stop> stop_ = Stop::make().take();
  ScriptedCamera camera_;
  UnitQueue out_{3};
  ReadTalk talk_;
  ScriptedMeter meter_;
};

// A stop of this program between two units is held against the second, not against those behind it, also where the queue has no place for it.
TEST_F(ReadStageTest, WhatKeptThisProgramFromReadingIsSaid) {
  auto read = stage(stream({shown(66'000), shown(5'066'000), shown(5'133'000)}), [] { return gone(); });
  EXPECT_TRUE(*read.step());
  EXPECT_TRUE(*read.step());
  meter_.now.stopped_us = 4'900'000;
  EXPECT_TRUE(*read.step());
  EXPECT_STREQ(out_.pop()->late, "stalled");
  EXPECT_STREQ(out_.pop()->late, "stalled");
  EXPECT_STREQ(out_.pop()->late, "stopped");
  EXPECT_TRUE(*read.step());
  EXPECT_STREQ(out_.pop()->late, "stalled");
}

TEST_F(ReadStageTest, ACameraThatWasSilentIsNotThisProgramsHardship) {
  auto read = stage(stream({shown(66'000), shown(5'066'000)}), [] { return gone(); });
  for (int n = 0; n < 3; ++n) EXPECT_TRUE(*read.step());
  for (int n = 0; n < 3; ++n) EXPECT_STREQ(out_.pop()->late, "stalled") << n;
}

TEST_F(ReadStageTest, HandsUnitsOnUntilAFileIsOver) {
  auto read = stage(stream({shown(66'000)}, true), [] { return gone(); });
  EXPECT_TRUE(*read.step());
  EXPECT_TRUE(*read.step());
  EXPECT_FALSE(*read.step());
  EXPECT_EQ(out_.size(), 2U);
  EXPECT_EQ(out_.pop()->unit.arrived_us, clock_.boot_us());
  EXPECT_EQ(out_.pop()->unit.arrived_us, clock_.boot_us() + 66'000);
  EXPECT_EQ(read.dropped(), 0);
}

TEST_F(ReadStageTest, WhatFindsNoPlaceIsCountedWithAllThatNeedsIt) {
  std::deque<Answer> many;
  for (int n = 1; n <= 5; ++n) many.push_back(shown(n * 66'000, n == 5));
  auto read = stage(stream(std::move(many), true), [] { return gone(); });
  for (int turn = 0; turn < 4; ++turn) ASSERT_TRUE(*read.step());  // the fourth finds three there
  ASSERT_EQ(read.dropped(), 1);
  ASSERT_TRUE(out_.pop());
  ASSERT_TRUE(*read.step());  // there is room, but it cannot be decoded
  EXPECT_EQ(read.dropped(), 2);
  ASSERT_TRUE(*read.step());  // a key picture
  EXPECT_EQ(read.dropped(), 2);
  out_.pop();
  out_.pop();
  EXPECT_EQ(out_.pop()->dropped, 2);
}

TEST_F(ReadStageTest, TheQueueIsBoundedInBytesToo) {
  auto read = stage(stream({shown(66'000, true)}, true), [] { return gone(); });
  talk_.taken_bytes = -kUnitQueueBytes;  // as if so much still waited
  ASSERT_TRUE(*read.step());
  EXPECT_EQ(read.dropped(), 1);
  talk_.taken_bytes = 0;
  ASSERT_TRUE(*read.step());
  EXPECT_EQ(read.dropped(), 1);
  EXPECT_EQ(out_.size(), 1U);
}

TEST_F(ReadStageTest, OpensALostCameraAgainAndSaysHowLongItWasAway) {
  int opened = 0;
  const std::int64_t begun_us = clock_.boot_us();
  auto read = stage(stream({Answer(gone())}), [&]() -> Result<std::unique_ptr<CameraStream>> {
    clock_.advance(450'000);
    if (++opened < 2) return gone();
    return stream({shown(50'000, true)});
  });
  for (int turn = 0; turn < 5; ++turn) ASSERT_TRUE(*read.step());
  EXPECT_EQ(opened, 2);
  EXPECT_FALSE(out_.pop()->away);
  const auto after = out_.pop();
  ASSERT_TRUE(after->away);
  EXPECT_EQ(after->away->from_us, begun_us);
  EXPECT_EQ(after->away->to_us, begun_us + 900'000);
  EXPECT_EQ(after->away->attempts, 2);
}

TEST_F(ReadStageTest, ACameraOfWhichNothingCanBeShownIsOpenedAgain) {
  int opened = 0;
  auto read = stage(stream({shown(66'000), shown(99'000)}), [&]() -> Result<std::unique_ptr<CameraStream>> {
    ++opened;
    return stream({shown(200'000, true)});
  });
  ASSERT_TRUE(*read.step());
  ASSERT_TRUE(*read.step());
  EXPECT_EQ(opened, 0);
  talk_.useless = true;
  ASSERT_TRUE(*read.step());
  ASSERT_TRUE(*read.step());
  EXPECT_EQ(opened, 1);
  EXPECT_FALSE(talk_.useless);
  auto film = stage(stream({shown(66'000), shown(99'000)}, true), [] { return gone(); });
  ASSERT_TRUE(*film.step());
  talk_.useless = true;
  const auto refused = film.step();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
}

TEST_F(ReadStageTest, GivesUpAfterAMinute) {
  auto read = stage(stream({Answer(gone())}), [] { return gone(); });
  ASSERT_TRUE(*read.step());
  ASSERT_TRUE(*read.step());  // lost
  clock_.advance(kAwayLimit_us - 1);
  ASSERT_TRUE(*read.step());  // not there, yet
  clock_.advance(2);
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

TEST(BackOff, GrowsToABoundAndIsNotTheSameForAll) {
  for (std::int64_t attempt : {0, 1, 2, 3, 4, 5, 90}) {
    const std::int64_t middle_us = std::min<std::int64_t>(250'000LL << std::min<std::int64_t>(attempt, 6), 4'000'000);
    EXPECT_EQ(back_off_us(attempt, 0), middle_us * 3 / 4) << attempt;
    EXPECT_EQ(back_off_us(attempt, 1023), middle_us * 5 / 4) << attempt;
    EXPECT_NE(back_off_us(attempt, 100), back_off_us(attempt, 900)) << attempt;
  }
}

class CameraEncodeTest : public testing::Test {
 protected:
  TimedPicture timed(std::int64_t at_us, ScriptedCamera& camera, const std::string& source = "camera") {
    TimedPicture timed;
    const auto decoder = CameraDecoder::make();
    EXPECT_TRUE(decoder->feed(camera.unit(at_us, true), 1));
    timed.picture = decoder->next().take().value();
    timed.at_us = at_us;
    timed.source = source;
    timed.why = "codec";
    return timed;
  }
  void give(std::int64_t at_us, const char* gap_cause = "stalled") {
    clock_.boot = at_us;
    TimedPicture picture = timed(at_us, camera_);
    picture.gap_cause = gap_cause;
    ASSERT_TRUE(in_.push(std::move(picture)));
  }
  std::vector<EncodedFrame> frames() {
    std::vector<EncodedFrame> taken;
    while (auto item = out_.pop_for(std::chrono::microseconds(0)))
      if (auto* frame = std::get_if<EncodedFrame>(&*item))
        taken.push_back(std::move(*frame));
      else if (auto* note = std::get_if<Note>(&*item))
        notes_.push_back(*note);
      else
        sources_.push_back(std::get<SourceInfo>(*item));
    return taken;
  }
  ManualClock clock_;
  ScriptedCamera camera_;
  PictureQueue in_{4};
  WriteQueue out_{64};
  ScriptedMeter meter_;
  CameraEncodeStage stage_{in_, out_, clock_, meter_};
  std::vector<Note> notes_;
  std::vector<SourceInfo> sources_;
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
  ASSERT_EQ(sources_.size(), 1U);
  EXPECT_EQ(sources_[0].name, "camera");
  EXPECT_EQ(sources_[0].mode, "encoded");
  EXPECT_EQ(sources_[0].why, "codec");
}

TEST_F(CameraEncodeTest, BeatsWhileNothingComesAndThenSaysSo) {
  give(5'000'000);
  ASSERT_TRUE(*stage_.step());
  for (int beat = 1; beat <= 3; ++beat) {
    clock_.advance(kHeartbeatUs);
    ASSERT_TRUE(*stage_.step());
  }
  give(8'000'000, "reconnect");
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

TEST_F(CameraEncodeTest, AHeartbeatThatComesLateSaysWhatKeptThisProgram) {
  give(5'000'000);
  ASSERT_TRUE(*stage_.step());
  clock_.advance(5'000'000);
  meter_.now.stopped_us = 4'800'000;
  ASSERT_TRUE(*stage_.step());
  clock_.advance(kHeartbeatUs);
  ASSERT_TRUE(*stage_.step());
  const auto encoded = frames();
  ASSERT_EQ(encoded.size(), 3U);
  EXPECT_STREQ(encoded[1].gap_cause, "stopped");
  EXPECT_STREQ(encoded[2].gap_cause, "stalled");
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

TEST_F(CameraEncodeTest, AnotherSizeIsAnotherSourceAndNeverScaled) {
  ScriptedCamera wide(128, 48);
  give(5'000'000);
  ASSERT_TRUE(*stage_.step());
  ASSERT_TRUE(in_.push(timed(5'066'000, wide, "camera-2")));
  ASSERT_TRUE(*stage_.step());
  const auto encoded = frames();
  ASSERT_EQ(encoded.size(), 2U);
  EXPECT_TRUE(encoded[1].key);
  EXPECT_EQ(encoded[1].pts, 0);
  ASSERT_EQ(sources_.size(), 2U);
  EXPECT_EQ(sources_[1].name, "camera-2");
  EXPECT_EQ(sources_[1].width, 128);
  EXPECT_TRUE(notes_.empty());
}

}  // namespace
}  // namespace netsampler::capture
