// Kept as it came, or encoded, and when the one becomes the other: units by hand, real H.264, no wire.
#include <gtest/gtest.h>

#include <cstring>

#include "capture/camera/camera_encode.h"
#include "tests/capture/scripted_camera.h"

namespace netsampler::capture {
namespace {

constexpr std::int64_t kFrame_us = 33'333;

class KeepStageTest : public testing::Test {
 protected:
  void give(CameraUnit unit, std::optional<Away> away = std::nullopt, std::int64_t dropped = 0) {
    clock_.boot = std::max(clock_.boot, unit.arrived_us);
    ASSERT_TRUE(in_.push({std::move(unit), dropped, away}));
    ASSERT_TRUE(*stage_.step());
    collect();
  }
  CameraUnit next(bool key = false) { return camera_.unit(at_us_ += kFrame_us, key); }
  // So many pictures, a key picture first.
  void play(int count) {
    for (int n = 0; n < count; ++n) give(next(n == 0));
  }
  void end() {
    in_.close();
    while (*stage_.step()) {
    }
    collect();
  }
  void collect() {
    while (auto item = out_.pop_for(std::chrono::microseconds(0)))
      if (auto* frame = std::get_if<EncodedFrame>(&*item))
        kept_.push_back(std::move(*frame));
      else if (auto* note = std::get_if<Note>(&*item))
        notes_.push_back(*note);
      else
        sources_.push_back(std::get<SourceInfo>(*item));
    while (auto picture = pictures_.pop_for(std::chrono::microseconds(0))) decoded_.push_back(std::move(*picture));
    while (auto item = watch_.pop_for(std::chrono::microseconds(0))) watched_.push_back(std::move(*item));
  }
  std::size_t told(const std::string& code) const {
    return static_cast<std::size_t>(std::count_if(notes_.begin(), notes_.end(), [&](const Note& note) { return note.type == "finding" && note.body["code"] == code; }));
  }

  ManualClock clock_;
  std::int64_t at_us_ = clock_.boot;
  ScriptedCamera camera_;
  UnitQueue in_{4};
  WriteQueue out_{600};
  PictureQueue pictures_{600};
  WatchQueue watch_{1};
  ReadTalk talk_;
  WatchTalk watch_talk_;
  KeepStage stage_{in_, out_, pictures_, watch_, talk_, watch_talk_, clock_};
  std::vector<EncodedFrame> kept_;
  std::vector<TimedPicture> decoded_;
  std::vector<WatchItem> watched_;
  std::vector<SourceInfo> sources_;
  std::vector<Note> notes_;
};

TEST_F(KeepStageTest, KeepsWhatKeepsTheBounds) {
  play(60);
  play(30);
  ASSERT_EQ(sources_.size(), 1U);
  EXPECT_EQ(sources_[0].mode, "kept");
  EXPECT_EQ(sources_[0].why, "");
  EXPECT_EQ(sources_[0].width, 64);
  EXPECT_TRUE(decoded_.empty());
  ASSERT_EQ(kept_.size(), 90U);
  EXPECT_TRUE(kept_[0].key);
  EXPECT_TRUE(kept_[60].key);
  EXPECT_FALSE(kept_[61].key);
  EXPECT_EQ(kept_[0].pts, 0);
  EXPECT_EQ(kept_[30].pts, ticks_of(30 * kFrame_us));
  EXPECT_EQ(kept_[5].late_us, 0);
  EXPECT_TRUE(notes_.empty());
}

TEST_F(KeepStageTest, ItsBytesAreTheCamerasOwn) {
  std::vector<Bytes> sent;
  for (int n = 0; n < 12; ++n) {
    CameraUnit unit = next(n == 0);
    sent.emplace_back(unit.bytes.begin(), unit.bytes.end());
    give(std::move(unit));
  }
  ASSERT_EQ(kept_.size(), sent.size());
  for (std::size_t n = 0; n < sent.size(); ++n) EXPECT_EQ(kept_[n].bytes, sent[n]) << n;
}

TEST_F(KeepStageTest, IsDecidedBeforeTheFirstPictureIsHandedOn) {
  play(static_cast<int>(kTrialUnits) - 1);
  EXPECT_TRUE(kept_.empty());
  give(next());
  EXPECT_EQ(kept_.size(), kTrialUnits);
}

TEST_F(KeepStageTest, AFewPicturesAndThenTheEndAreKeptToo) {
  play(3);
  end();
  EXPECT_EQ(kept_.size(), 3U);
}

TEST_F(KeepStageTest, ReorderedPicturesAreEncodedFromTheFirstOn) {
  play(3);
  CameraUnit odd = next();
  odd.reordered = true;
  give(std::move(odd));
  give(next());
  EXPECT_TRUE(kept_.empty());
  ASSERT_EQ(decoded_.size(), 5U);
  EXPECT_EQ(decoded_[0].source, "camera");
  EXPECT_EQ(decoded_[0].why, "reordered");
}

TEST_F(KeepStageTest, GoesOverWithoutLosingAPicture) {
  play(40);
  CameraUnit odd = next();
  odd.reordered = true;
  give(std::move(odd));
  for (int n = 0; n < 9; ++n) give(next());
  EXPECT_EQ(kept_.size(), 40U);
  ASSERT_EQ(decoded_.size(), 10U);  // the first of them is the odd one
  EXPECT_EQ(decoded_[0].source, "camera-2");
  EXPECT_EQ(decoded_[0].why, "reordered");
  EXPECT_GT(decoded_[0].at_us, kept_.back().at_us);
  EXPECT_EQ(decoded_[0].at_us - kept_.back().at_us, kFrame_us);
  EXPECT_FALSE(decoded_[0].picture.damaged);
}

TEST_F(KeepStageTest, WhatIsDecodedAfterwardsLooksAsItWouldHaveFromTheStart) {
  play(20);
  ScriptedCamera same;
  const auto decoder = CameraDecoder::make();
  CameraPicture expected;
  for (int n = 0; n < 21; ++n) {
    ASSERT_TRUE(decoder->feed(same.unit(1'000'000 + n * kFrame_us, n == 0), n));
    expected = decoder->next().take().value();
  }
  CameraUnit odd = next();
  odd.reordered = true;
  give(std::move(odd));
  ASSERT_EQ(decoded_.size(), 1U);
  for (int y = 0; y < 48; ++y)
    ASSERT_EQ(0, std::memcmp(decoded_[0].picture.view.planes[0] + y * decoded_[0].picture.view.strides[0], expected.view.planes[0] + y * expected.view.strides[0], 64)) << y;
}

TEST_F(KeepStageTest, KeyPicturesAloneMakeNoFloodOfSegments) {
  for (int n = 0; n < 90; ++n) give(next(true));
  EXPECT_EQ(std::count_if(kept_.begin(), kept_.end(), [](const EncodedFrame& frame) { return frame.key; }), 4);  // 0, 0.9, 1.8, 2.7 s
  EXPECT_TRUE(kept_[0].key);
  kept_.clear();
  for (int n = 0; n < 90; ++n) give(next(n % 30 == 0));
  EXPECT_EQ(std::count_if(kept_.begin(), kept_.end(), [](const EncodedFrame& frame) { return frame.key; }), 2);  // once a second; the first came too soon
}

TEST_F(KeepStageTest, KeyPicturesTooFarApart) {
  const int most = static_cast<int>(kKeptKey_us / kFrame_us);
  play(most + 1);
  play(most + 1);
  EXPECT_TRUE(decoded_.empty());  // just within the bound
  give(next());
  ASSERT_EQ(decoded_.size(), 1U);
  EXPECT_EQ(decoded_[0].why, "key-apart");
}

TEST_F(KeepStageTest, ALostPacketIsToldAndTheRestIsShownAsWellAsItCanBe) {
  play(20);
  CameraUnit torn = next();
  torn.lost = 3;
  give(std::move(torn));
  ASSERT_EQ(decoded_.size(), 1U);
  EXPECT_EQ(decoded_[0].why, "packet-loss");
  EXPECT_EQ(decoded_[0].lost, 3);
  give(next());
  EXPECT_EQ(decoded_[1].lost, 0);
}

TEST_F(KeepStageTest, WhatTheWatchCouldNotDecodeIsNotKeptAnyLonger) {
  play(20);
  watch_talk_.damaged = true;
  give(next());
  ASSERT_EQ(decoded_.size(), 1U);
  EXPECT_EQ(decoded_[0].why, "damaged");
}

TEST_F(KeepStageTest, TheWatchSeesDamageAndNothingElse) {
  WatchQueue queue(1);
  WatchTalk talk;
  WatchStage watch(queue, talk);
  CameraUnit whole = next(true);
  ASSERT_TRUE(queue.push({{whole}, std::nullopt, at_us_, "camera"}));
  ASSERT_TRUE(watch.step());
  EXPECT_FALSE(talk.damaged);
  const auto noise = std::make_shared<const Bytes>(std::size_t{400}, std::uint8_t{0x5a});
  whole.bytes = *noise;
  whole.keeper = noise;
  ASSERT_TRUE(queue.push({{whole}, std::nullopt, at_us_, "camera"}));
  ASSERT_TRUE(watch.step());
  EXPECT_TRUE(talk.damaged);
}

TEST_F(KeepStageTest, APictureThatStandsIsNotReadAgainAndAgain) {
  WatchQueue queue(1);
  WatchTalk talk;
  WatchStage watch(queue, talk);
  ScriptedCamera other(128, 48);
  const CameraUnit standing = next(true), moved = other.unit(at_us_, true);
  const auto look = [&](const CameraUnit& unit) {
    ASSERT_TRUE(queue.push({{unit}, std::nullopt, at_us_, "camera"}));
    ASSERT_TRUE(watch.step());
  };
  for (int n = 0; n < 10; ++n) look(standing);
  EXPECT_EQ(watch.looks(), kLooksAtOne);
  look(moved);
  EXPECT_EQ(watch.looks(), kLooksAtOne + 1);
}

TEST_F(KeepStageTest, TooMuchFromKeyToKey) {
  play(20);
  CameraUnit large = next();
  const auto bytes = std::make_shared<const Bytes>(static_cast<std::size_t>(kKeptBytes), std::uint8_t{1});
  large.bytes = *bytes;
  large.keeper = bytes;
  give(std::move(large));
  give(next());
  ASSERT_FALSE(decoded_.empty());
  EXPECT_EQ(decoded_[0].why, "size");
  EXPECT_EQ(kept_.size(), 20U);
}

TEST_F(KeepStageTest, ACameraWithoutKeyPicturesAtTheStart) {
  CameraUnit dull = next(true);
  dull.key = false;  // one that can be decoded all the same: intra refresh
  give(dull);
  for (std::int64_t waited = 0; waited <= kNoKey_us; waited += kFrame_us) {
    CameraUnit unit = next(true);
    unit.key = false;
    give(std::move(unit));
  }
  EXPECT_TRUE(kept_.empty());
  ASSERT_FALSE(decoded_.empty());
  EXPECT_EQ(decoded_[0].why, "no-key");
}

TEST_F(KeepStageTest, WaitsForAKeyPictureAtTheStart) {
  CameraUnit first = next(true);
  give(next());
  give(next());
  EXPECT_EQ(stage_.dropped(), 0);  // before the recording's beginning
  play(10);
  EXPECT_EQ(kept_.size(), 10U);
  EXPECT_TRUE(kept_[0].key);
}

TEST_F(KeepStageTest, OtherParameterSetsAreAnotherSource) {
  play(20);
  ScriptedCamera wide(128, 48);
  for (int n = 0; n < 3; ++n) give(wide.unit(at_us_ += kFrame_us, n == 0));
  ASSERT_EQ(sources_.size(), 2U);
  EXPECT_EQ(sources_[1].name, "camera-2");
  EXPECT_EQ(sources_[1].mode, "kept");
  EXPECT_EQ(sources_[1].why, "format");
  EXPECT_EQ(sources_[1].width, 128);
  ASSERT_EQ(kept_.size(), 23U);
  EXPECT_EQ(kept_[20].pts, 0);
  EXPECT_EQ(kept_[20].at_us - kept_[19].at_us, kFrame_us);
}

TEST_F(KeepStageTest, AnotherSizeAmongDecodedPicturesIsAnotherSourceToo) {
  CameraUnit odd = next(true);
  odd.reordered = true;
  give(std::move(odd));
  ScriptedCamera wide(128, 48);
  give(wide.unit(at_us_ += kFrame_us, true));
  ASSERT_EQ(decoded_.size(), 2U);
  EXPECT_EQ(decoded_[0].source, "camera");
  EXPECT_EQ(decoded_[1].source, "camera-2");
  EXPECT_EQ(decoded_[1].why, "format");
  EXPECT_EQ(decoded_[1].picture.width, 128);
}

TEST_F(KeepStageTest, ACameraThatNeverStopsChangingEndsTheRecording) {
  play(10);
  ScriptedCamera cameras[2] = {ScriptedCamera(128, 48), ScriptedCamera(64, 48)};
  Result<bool> more = true;
  int changes = 0;
  while (more.ok() && changes < 2 * kSourcesLimit) {
    CameraUnit unit = cameras[changes++ % 2].unit(at_us_ += kFrame_us, true);
    clock_.boot = unit.arrived_us;
    ASSERT_TRUE(in_.push({std::move(unit), 0, std::nullopt}));
    more = stage_.step();
    collect();
  }
  ASSERT_FALSE(more.ok());
  EXPECT_EQ(more.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(changes, kSourcesLimit);
}

TEST_F(KeepStageTest, AReconnectBeginsWithAKeyPictureAndGoesOnInTheSameSource) {
  play(20);
  at_us_ += 5'000'000;
  give(next(), Away{1, 2, 3});
  give(next());
  EXPECT_EQ(stage_.dropped(), 2);
  give(next(true));
  ASSERT_EQ(kept_.size(), 21U);
  EXPECT_EQ(kept_[20].dropped, 2);
  EXPECT_STREQ(kept_[20].gap_cause, "reconnect");
  EXPECT_EQ(sources_.size(), 1U);
  ASSERT_EQ(told("camera-reconnected"), 1U);
  EXPECT_EQ(notes_[0].body["count"], 3);
  give(next());
  EXPECT_STREQ(kept_[21].gap_cause, "stalled");
}

TEST_F(KeepStageTest, WhatKeptThisProgramFromReadingIsTheCauseEvenWhereTheCameraWasOpenedAgain) {
  play(20);
  at_us_ += 5'000'000;
  CameraUnit unit = next(true);
  clock_.boot = unit.arrived_us;
  ASSERT_TRUE(in_.push({std::move(unit), 0, Away{1, 2, 3}, "suspended"}));
  ASSERT_TRUE(*stage_.step());
  collect();
  ASSERT_EQ(kept_.size(), 21U);
  EXPECT_STREQ(kept_[20].gap_cause, "suspended");
  give(next());
  EXPECT_STREQ(kept_[21].gap_cause, "stalled");
}

TEST_F(KeepStageTest, AConnectionWithoutKeyPicturesIsUseless) {
  play(20);
  give(next(), Away{1, 2, 1});
  EXPECT_FALSE(talk_.useless);
  at_us_ += kUseless_us - kFrame_us;
  give(next());
  EXPECT_FALSE(talk_.useless);
  give(next());
  EXPECT_TRUE(talk_.useless);
}

TEST_F(KeepStageTest, GarbageIsUselessAndCounted) {
  CameraUnit odd = next(true);
  odd.reordered = true;
  give(std::move(odd));
  ASSERT_EQ(decoded_.size(), 1U);
  const auto noise = std::make_shared<const Bytes>(std::size_t{400}, std::uint8_t{0x5a});
  for (int n = 0; n < 3; ++n) {
    CameraUnit garbage = next();
    garbage.bytes = *noise;
    garbage.keeper = noise;
    garbage.arrived_us += n * kUseless_us * 2 / 3;
    give(std::move(garbage));
    EXPECT_EQ(talk_.useless, n == 2) << n;
  }
  EXPECT_EQ(decoded_.size(), 1U);
}

TEST_F(KeepStageTest, AStallThatLastsToTheEndIsAGap) {
  play(20);
  clock_.advance(3'000'000);
  end();
  ASSERT_EQ(notes_.size(), 1U);
  EXPECT_EQ(notes_[0].type, "gap");
  EXPECT_EQ(notes_[0].body["to_us"].get<std::int64_t>() - notes_[0].body["from_us"].get<std::int64_t>(), 3'000'000);
}

TEST_F(KeepStageTest, AnEndInTimeIsNone) {
  play(20);
  clock_.advance(1'000'000);
  end();
  EXPECT_TRUE(notes_.empty());
}

TEST_F(KeepStageTest, ARateThatIsNotWhatItSaysIsTold) {
  for (int n = 0; n < 60; ++n) give(camera_.unit(at_us_ += 200'000, n % 5 == 0));
  ASSERT_EQ(told("camera-rate"), 1U);  // says 30, gives 5
  EXPECT_EQ(notes_[0].body["count"], 5);
  EXPECT_EQ(kept_.size(), 60U);
}

TEST_F(KeepStageTest, ThreeHundredPicturesASecondAreAllKept) {
  for (int n = 0; n < 1600; ++n) give(camera_.unit(at_us_ += 3'333, n % 300 == 0));
  EXPECT_EQ(kept_.size(), 1600U);
  EXPECT_EQ(told("camera-rate"), 1U);
}

TEST_F(KeepStageTest, KeyPicturesAreLookedAtNowAndThen) {
  for (int n = 0; n < 91; ++n) give(next(n % 10 == 0));
  EXPECT_EQ(watched_.size(), 2U);  // three seconds: at the first, and at the first 1.5 s behind it
  for (const WatchItem& item : watched_) EXPECT_EQ(item.units.size(), 1U);
  watched_.clear();
  watch_talk_.look_again = true;  // something was read once: the newest picture, with all that it needs
  for (int n = 0; n < 30; ++n) give(next());
  ASSERT_GE(watched_.size(), 2U);
  EXPECT_GT(watched_.back().units.size(), 1U);
  EXPECT_TRUE(watched_.back().units.front().key);
}

}  // namespace
}  // namespace netsampler::capture
