#include "capture/media/frame_stamp.h"

#include <gtest/gtest.h>

#include "capture/media/encoder.h"

namespace netsampler::capture {
namespace {

SourceInfo source_of(const std::string& codec, Bytes extradata) { return {"camera", "camera", "kept", codec, 320, 240, 0, std::move(extradata)}; }
const Bytes kAvcc{1, 0x42, 0, 0x1e, 0xff};
Bytes hvcc() {
  Bytes bytes(23, 0);
  bytes[0] = 1, bytes[21] = 3;
  return bytes;
}

EncodedFrame frame_of(Bytes bytes, std::int64_t dropped = 0) { return {0, 5'000'000'001, true, false, dropped, std::move(bytes)}; }

// The message in a unit at `at`, its escapes taken out.
std::optional<FrameTime> message_at(const Bytes& bytes, std::size_t at, std::size_t head) {
  if (bytes[at + head] != 5 || bytes[at + head + 1] != kFrameTimeBytes) return std::nullopt;
  Bytes message;
  int zeros = 0;
  for (std::size_t i = at + head + 2; message.size() < kFrameTimeBytes && i < bytes.size(); ++i) {
    if (zeros == 2 && bytes[i] == 3) {
      zeros = 0;
      continue;
    }
    EXPECT_TRUE(zeros < 2 || bytes[i] >= 4);  // a reader would take it for a start code
    zeros = bytes[i] == 0 ? zeros + 1 : 0;
    message.push_back(bytes[i]);
  }
  return parse_frame_time(message);
}

TEST(FrameStamp, StandsBehindWhatMustStandFirstAndChangesNothingElse) {
  FrameStamp stamp(source_of("h264", kAvcc));
  const Bytes delimiter{0, 0, 0, 2, 9, 0x10}, parameters{0, 0, 0, 3, 0x67, 1, 2}, picture{0, 0, 0, 3, 0x65, 8, 9};
  Bytes whole = delimiter;
  append(whole, parameters);
  append(whole, picture);
  EncodedFrame frame = frame_of(whole);
  stamp.stamp(frame, 1'800'000'000'000'000, 12);
  const std::size_t first = delimiter.size() + parameters.size();
  EXPECT_TRUE(std::equal(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(first), frame.bytes.begin()));
  EXPECT_TRUE(std::equal(picture.rbegin(), picture.rend(), frame.bytes.rbegin()));
  EXPECT_EQ(frame.bytes[first + 4], 6);
  EXPECT_EQ(frame.bytes.size(), whole.size() + 4 + frame.bytes[first + 3]);
  EXPECT_EQ(message_at(frame.bytes, first + 4, 1), (FrameTime{0, 5'000'000'001, 1'800'000'000'000'000, 12}));
}

TEST(FrameStamp, NumbersCountWhatWasDropped) {
  FrameStamp stamp(source_of("h264", kAvcc));
  std::vector<std::int64_t> numbers;
  for (const std::int64_t dropped : {0, 0, 3, 0}) {
    EncodedFrame frame = frame_of({0, 0, 0, 2, 0x61, 1}, dropped);
    stamp.stamp(frame, 1, 1);
    numbers.push_back(message_at(frame.bytes, 4, 1).value_or(FrameTime{-1}).number);
  }
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{0, 1, 5, 6}));
}

TEST(FrameStamp, HevcAndStartCodes) {
  FrameStamp boxed(source_of("hevc", hvcc()));
  EncodedFrame frame = frame_of({0, 0, 0, 3, 0x40, 1, 7, 0, 0, 0, 3, 0x26, 1, 5});
  boxed.stamp(frame, 2, 3);
  EXPECT_EQ(frame.bytes[7 + 4], 39 << 1);
  EXPECT_EQ(message_at(frame.bytes, 7 + 4, 2), (FrameTime{0, 5'000'000'001, 2, 3}));

  FrameStamp bare(source_of("h264", {0, 0, 0, 1, 0x67, 1}));
  EncodedFrame coded = frame_of({0, 0, 0, 1, 9, 0x10, 0, 0, 1, 0x68, 7, 0, 0, 1, 0x65, 4});
  bare.stamp(coded, 2, 3);
  EXPECT_EQ(coded.bytes[11 + 3], 1);
  EXPECT_EQ(coded.bytes[11 + 4], 6);
  EXPECT_EQ(message_at(coded.bytes, 11 + 4, 1), (FrameTime{0, 5'000'000'001, 2, 3}));
}

// Bytes that are no units: the stamp is written all the same, nothing is read beyond the end.
TEST(FrameStamp, BrokenUnitsAreLeftAsTheyAre) {
  for (const Bytes& bytes : {Bytes{}, Bytes{0, 0}, Bytes{0xff, 0xff, 0xff, 0xff, 9}, Bytes{0, 0, 0, 9, 9, 1}}) {
    FrameStamp stamp(source_of("h264", kAvcc));
    EncodedFrame frame = frame_of(bytes);
    stamp.stamp(frame, 2, 3);
    ASSERT_GE(frame.bytes.size(), bytes.size() + 50);
    EXPECT_TRUE(std::equal(bytes.rbegin(), bytes.rend(), frame.bytes.rbegin()));
    EXPECT_EQ(message_at(frame.bytes, 4, 1), (FrameTime{0, 5'000'000'001, 2, 3}));
  }
}

}  // namespace
}  // namespace netsampler::capture
