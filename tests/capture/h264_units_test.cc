// H.264 taken apart: what is kept, what goes into the header, what shows that pictures are reordered.
#include "capture/camera/h264_units.h"

#include <gtest/gtest.h>

#include "tests/capture/scripted_camera.h"

namespace netsampler::capture {
namespace {

Bytes annex_b(std::initializer_list<Bytes> units) {
  Bytes all;
  for (const Bytes& unit : units) {
    append(all, Bytes{0, 0, 0, 1});
    append(all, unit);
  }
  return all;
}

const Bytes kSps{0x67, 1, 2, 3}, kPps{0x68, 4}, kDelimiter{0x09, 0x10}, kFiller{0x0c, 0xff, 0x80}, kSei{0x06, 5, 1, 7, 0x80};
const Bytes kIdr{0x65, 0x88, 0x11}, kP{0x41, 0xc0, 0x22}, kB{0x01, 0xa8, 0x33}, kB6{0x01, 0x9d, 0x33};

TEST(H264Units, KeepsWhatBelongsToThePicture) {
  const auto picture = split_h264(annex_b({kDelimiter, kSps, kPps, kSei, kIdr, kFiller}), 0);
  ASSERT_TRUE(picture.ok());
  EXPECT_EQ(picture->units, annex_b({kSei, kIdr}));
  EXPECT_EQ(picture->sets, annex_b({kSps, kPps}));
  EXPECT_TRUE(picture->key);
  EXPECT_TRUE(picture->slices);
  EXPECT_FALSE(picture->reordered);
}

TEST(H264Units, ReadsLengthsAsWellAsStartCodes) {
  const auto picture = split_h264(Bytes{0, 3, 0x41, 0xc0, 0x22, 0, 2, 0x68, 4}, 2);
  ASSERT_TRUE(picture.ok());
  EXPECT_EQ(picture->units, annex_b({kP}));
  EXPECT_EQ(picture->sets, annex_b({kPps}));
  EXPECT_FALSE(picture->key);
  for (const Bytes& torn : {Bytes{0}, Bytes{0, 9, 0x41}, Bytes{0, 1, 0x41, 7}}) EXPECT_FALSE(split_h264(torn, 2).ok());
}

TEST(H264Units, SetsComeOnceAndInOneOrder) {
  const auto one = split_h264(annex_b({kPps, kSps, kSps, kIdr}), 0), other = split_h264(annex_b({kSps, kPps, kPps, kP}), 0);
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_EQ(one->sets, other->sets);
  Bytes trailing = kSps;
  trailing.resize(9, 0);
  EXPECT_EQ(split_h264(annex_b({trailing, kPps}), 0)->sets, one->sets);
}

TEST(H264Units, SeesPicturesThatAreReordered) {
  EXPECT_TRUE(split_h264(annex_b({kB}), 0)->reordered);
  EXPECT_TRUE(split_h264(annex_b({kP, kB6}), 0)->reordered);
  EXPECT_FALSE(split_h264(annex_b({kP, kIdr}), 0)->reordered);
}

TEST(H264Units, SeesThatTheBeginningCameBefore) {
  const Bytes rest{0x65, 0x2e, 0x44};  // first_mb_in_slice is 4
  EXPECT_TRUE(split_h264(annex_b({kSei, rest}), 0)->continues);
  EXPECT_FALSE(split_h264(annex_b({kIdr, rest}), 0)->continues);
}

TEST(H264Units, NothingIsNoPicture) {
  for (const Bytes& bytes : {Bytes{}, Bytes{1, 2, 3}, Bytes{0, 0, 1}, annex_b({kSps, kPps}), annex_b({kDelimiter})}) {
    const auto picture = split_h264(bytes, 0);
    ASSERT_TRUE(picture.ok());
    EXPECT_FALSE(picture->slices);
    EXPECT_TRUE(picture->units.empty());
  }
}

TEST(H264Units, ReadsHeadersOfBothForms) {
  const Bytes avcc{1, 66, 0, 30, 0xff, 0xe1, 0, 4, 0x67, 1, 2, 3, 1, 0, 2, 0x68, 4};
  const auto header = read_h264_header(avcc);
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->sets, annex_b({kSps, kPps}));
  EXPECT_EQ(header->length_bytes, 4);
  const auto codes = read_h264_header(annex_b({kSps, kPps}));
  EXPECT_EQ(codes->sets, header->sets);
  EXPECT_EQ(codes->length_bytes, 0);
  EXPECT_TRUE(read_h264_header({})->sets.empty());
  for (std::size_t size = 1; size < avcc.size(); ++size) EXPECT_FALSE(read_h264_header(ByteView(avcc).first(size)).ok()) << size;
}

TEST(StreamFormat, DescribesAStreamByItsFirstPicture) {
  ScriptedCamera camera(96, 64);
  const CameraUnit first = camera.unit(5'000'000, true), second = camera.unit(5'033'000);
  EXPECT_TRUE(first.key);
  EXPECT_FALSE(second.key);
  EXPECT_EQ(first.format->width, 96);
  EXPECT_EQ(first.format->height, 64);
  EXPECT_EQ(first.format->unfit, "");
  EXPECT_EQ(first.format, second.format);
}

}  // namespace
}  // namespace netsampler::capture
