// Which segments a thumbnail is made of, and when: with a program of ours in the decoder's place that counts how often it is asked.
#include "ui/console/api_thumbnail.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "evidence/base/file_system.h"
#include "tests/support/temp_directory.h"

namespace netsampler {
namespace {

SegmentRow segment(std::int64_t no, bool key) {
  SegmentRow row;
  row.no = no, row.key = key, row.sha256 = std::string(64, 'a'), row.path = "media/screen/x.m4s";
  row.first_pts = no * 180'000, row.last_pts = row.first_pts + 177'000, row.last_duration = 3'000;  // 2 s
  row.last_us = 1'000'000 * no;
  return row;
}

std::vector<std::int64_t> numbers(const std::vector<SegmentRow>& group) {
  std::vector<std::int64_t> list;
  for (const SegmentRow& row : group) list.push_back(row.no);
  return list;
}

TEST(NewestGroup, GoesBackToTheLastKeyPictureAndNoFurther) {
  EXPECT_EQ(numbers(newest_group({segment(3, true), segment(4, true), segment(5, false), segment(6, false)})), (std::vector<std::int64_t>{4, 5, 6}));
  EXPECT_EQ(numbers(newest_group({segment(3, false), segment(4, true)})), (std::vector<std::int64_t>{4}));
}

TEST(NewestGroup, IsEmptyWithoutAKeyPictureWithAHoleOrTooLong) {
  EXPECT_TRUE(newest_group({}).empty());
  EXPECT_TRUE(newest_group({segment(4, false), segment(5, false)}).empty());
  EXPECT_TRUE(newest_group({segment(4, true), segment(6, false)}).empty());
  std::vector<SegmentRow> rows = {segment(0, true)};
  for (int no = 1; no < 6; ++no) rows.push_back(segment(no, false));
  EXPECT_EQ(newest_group(rows).size(), 6U);  // 12 s
  rows.push_back(segment(6, false));
  EXPECT_TRUE(newest_group(rows).empty());
}

class Asked : public testing::Test {
 protected:
  // Says `line` and a picture; each run leaves a byte behind.
  void answers(const std::string& line) { says("printf x >> " + (directory_ / "runs") + "\nprintf '" + line + "\\nJPEG'"); }
  void says(const std::string& body) {
    RealFileSystem disk;
    const std::string script = "#!/bin/sh\n" + body + "\n";
    ASSERT_TRUE(write_whole(disk, directory_ / "decoder", as_bytes(script)).ok());
    ASSERT_EQ(::chmod((directory_ / "decoder").c_str(), 0700), 0);
  }
  std::size_t runs() {
    const RealFileSystem disk;
    const auto bytes = disk.read(directory_ / "runs", 100);
    return bytes.ok() ? bytes->size() : 0;
  }
  ThumbnailState ask(std::int64_t no) { return thumbnails_.ask({std::string(26, 'a'), "screen", std::string(64, 'b'), {segment(no, true)}}); }
  static std::string line(std::int64_t no) { return R"({"bytes":4,"cpu_us":1000000,"pts":)" + std::to_string(no * 180'000 + 177'000) + "}"; }

  TempDirectory directory_;
  ManualClock clock_;
  Thumbnails thumbnails_{directory_ / "decoder", directory_.path(), clock_};
};

TEST_F(Asked, OnceForASegmentHoweverManyLook) {
  answers(line(7));
  for (int n = 0; n < 3; ++n) {
    const ThumbnailState state = ask(7);
    ASSERT_TRUE(state.picture) << state.error;
    EXPECT_EQ(state.picture->jpeg, "JPEG");
    EXPECT_EQ(state.picture->boot_us, 7'000'000);
    EXPECT_EQ(state.picture->utc_us, 0);
  }
  EXPECT_EQ(runs(), 1U);
}

TEST_F(Asked, ASourceRestsThreeTimesAsLongAsItsPictureTook) {
  answers(line(7));
  EXPECT_EQ(ask(7).picture->no, 7);
  answers(line(8));
  clock_.advance(2'999'000);
  EXPECT_EQ(ask(8).picture->no, 7);  // the older one, under its own number
  clock_.advance(1'000);
  EXPECT_EQ(ask(8).picture->no, 8);
  EXPECT_EQ(runs(), 2U);
}

TEST_F(Asked, AnErrorTakesThePictureAwayUntilThereIsASoundOne) {
  answers(line(7));
  EXPECT_TRUE(ask(7).picture);
  clock_.advance(3'000'000);
  says("echo 'netsampler-pictures: 000008.m4s: not the file' >&2; exit 65");
  ThumbnailState state = ask(8);
  EXPECT_FALSE(state.picture);
  EXPECT_EQ(state.error, "000008.m4s: not the file");
  answers(line(9));
  state = ask(9);
  EXPECT_TRUE(state.picture);
  EXPECT_EQ(state.error, "");
}

TEST_F(Asked, AnotherPictureThanTheRecordsLastIsRefused) {
  answers(line(6));
  const ThumbnailState state = ask(7);
  EXPECT_FALSE(state.picture);
  EXPECT_NE(state.error.find("最后一帧"), std::string::npos) << state.error;
}

}  // namespace
}  // namespace netsampler
