#include "ui/console/api_playlist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netsampler {
namespace {

using testing::HasSubstr;
using testing::Not;

SegmentRow segment(std::int64_t no, std::int64_t first_pts, std::int64_t first_us, bool key = true) {
  SegmentRow row;
  row.source = "screen", row.no = no, row.path = "media/screen/00000" + std::to_string(no) + ".m4s", row.key = key;
  row.first_pts = first_pts, row.last_pts = first_pts + 171'000, row.last_duration = 9'000;  // 2 s
  row.first_us = first_us;
  return row;
}

PlaylistInput input() {
  PlaylistInput in{"aaaaaaaaaaaaaaaaaaaaaaaaaa", {}, 1'800'000'000'000'000, 5'000'000, true};
  in.segments = {segment(0, 0, 6'000'000), segment(1, 180'000, 8'000'000)};
  return in;
}

TEST(Playlist, NamesInitSegmentsAndExactDurations) {
  PlaylistInput in = input();
  in.segments[1].last_duration = 9'001;
  const std::string text = playlist(in).value();
  EXPECT_THAT(text, HasSubstr("#EXT-X-MAP:URI=\"/media/recordings/aaaaaaaaaaaaaaaaaaaaaaaaaa/media/screen/init.mp4\"\n"));
  EXPECT_THAT(text, HasSubstr("#EXTINF:2.000000,\n/api/v1/recordings/aaaaaaaaaaaaaaaaaaaaaaaaaa/screen/group/000000-000000.m4s\n"));
  EXPECT_THAT(text, HasSubstr("#EXTINF:2.000011,\n"));
  EXPECT_THAT(text, HasSubstr("#EXT-X-TARGETDURATION:3\n"));
  EXPECT_THAT(text, HasSubstr("#EXT-X-PROGRAM-DATE-TIME:2027-01-15T16:00:01.000+08:00\n"));
  EXPECT_THAT(text, Not(HasSubstr("DISCONTINUITY")));
}

TEST(Playlist, EndsOnlyWhereTheRecordingIsOver) {
  PlaylistInput in = input();
  EXPECT_TRUE(playlist(in).value().ends_with("#EXT-X-ENDLIST\n"));
  in.over = false;
  EXPECT_THAT(playlist(in).value(), Not(HasSubstr("ENDLIST")));
}

TEST(Playlist, JoinsSegmentsFromKeyFrameToKeyFrame) {
  PlaylistInput in = input();
  in.segments.push_back(segment(2, 360'000, 10'000'000, false));
  in.segments.push_back(segment(3, 540'000, 12'000'000));
  const std::string text = playlist(in).value();
  EXPECT_THAT(text, HasSubstr("#EXTINF:4.000000,\n/api/v1/recordings/aaaaaaaaaaaaaaaaaaaaaaaaaa/screen/group/000001-000002.m4s\n"));
  EXPECT_THAT(text, HasSubstr("#EXT-X-TARGETDURATION:4\n"));
  EXPECT_THAT(text, HasSubstr("INDEPENDENT-SEGMENTS"));
  EXPECT_EQ(group_named(in, "000001-000002.m4s").size(), 2U);
  EXPECT_TRUE(group_named(in, "000001-000003.m4s").empty());
  EXPECT_EQ(playable_us(in.segments, true), 8'000'000);
}

TEST(Playlist, LeavesOutTheGroupThatMayStillGrow) {
  PlaylistInput in = input();
  in.over = false;
  EXPECT_THAT(playlist(in).value(), Not(HasSubstr("000001")));
  EXPECT_EQ(playable_us(in.segments, false), 2'000'000);
  in.segments[1].key = false;  // it belongs to the first, which may go on
  EXPECT_EQ(playlist(in).error().kind, ErrorKind::not_found);
  EXPECT_EQ(playable_us(in.segments, false), 0);
}

TEST(Playlist, PromisesIndependentSegmentsOnlyWhereAllGroupsStartWithAKeyFrame) {
  PlaylistInput in = input();
  in.segments[1] = segment(1, 900'000, 16'000'000, false);  // behind a hole, and without a key frame: a group of its own that cannot be decoded
  EXPECT_THAT(playlist(in).value(), Not(HasSubstr("INDEPENDENT-SEGMENTS")));
  in.segments[1].key = true;
  EXPECT_THAT(playlist(in).value(), HasSubstr("INDEPENDENT-SEGMENTS"));
}

TEST(Playlist, AHoleIsADiscontinuity) {
  PlaylistInput in = input();
  in.segments[1] = segment(1, 900'000, 16'000'000);
  EXPECT_THAT(playlist(in).value(), HasSubstr("#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2027-01-15T16:00:11"));
  EXPECT_EQ(duration_us(in.segments), 4'000'000);
}

// A screen that got another size: the second source has an init.mp4 and times of its own, and the film goes on.
TEST(Playlist, TheSourceThatFollowsIsADiscontinuityWithItsOwnHeader) {
  PlaylistInput in = input();
  in.segments.push_back(segment(0, 360'000, 10'000'000));
  in.segments.back().source = "screen-2";
  in.segments.back().key = false;  // even where its times go on and no key says so, it is a group of its own
  const std::string text = playlist(in).value();
  const std::string folder = "/media/recordings/aaaaaaaaaaaaaaaaaaaaaaaaaa/media/", groups = "/api/v1/recordings/aaaaaaaaaaaaaaaaaaaaaaaaaa/";
  EXPECT_THAT(text, HasSubstr(groups + "screen/group/000001-000001.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"" + folder +
                              "screen-2/init.mp4\"\n#EXT-X-PROGRAM-DATE-TIME:2027-01-15T16:00:05"));
  EXPECT_THAT(text, HasSubstr("#EXTINF:2.000000,\n" + groups + "screen-2/group/000000-000000.m4s\n"));
  EXPECT_EQ(playable_us(in.segments, true), 6'000'000);
  EXPECT_EQ(playable_us(in.segments, false), 4'000'000);  // the first source is over, the second may grow
  EXPECT_EQ(position_us(in.segments, 11'000'000), 5'000'000);
}

SourceRow source(const std::string& name, const std::string& follows) {
  SourceRow row;
  row.source = name, row.follows = follows;
  return row;
}

std::vector<std::string> names(const std::vector<SourceRow>& film) {
  std::vector<std::string> list;
  for (const SourceRow& each : film) list.push_back(each.source);
  return list;
}

TEST(Film, IsASourceAndThoseThatFollowIt) {
  const std::vector<SourceRow> sources = {source("screen", ""), source("camera", ""), source("screen-2", "screen"), source("camera2", ""), source("screen-3", "screen-2")};
  EXPECT_THAT(names(film_of(sources, "screen")), testing::ElementsAre("screen", "screen-2", "screen-3"));
  EXPECT_THAT(names(film_of(sources, "screen-2")), testing::ElementsAre("screen-2", "screen-3"));
  EXPECT_THAT(names(film_of(sources, "camera")), testing::ElementsAre("camera"));
  EXPECT_TRUE(film_of(sources, "phone").empty());
  EXPECT_EQ(film_name_of(sources, "screen-3"), "screen");
  EXPECT_EQ(film_name_of(sources, "camera2"), "camera2");
}

TEST(Film, TheScreenComesFirstAndCamerasByName) {
  std::vector<SourceRow> sources = {source("camera2", ""), source("camera", ""), source("screen", ""), source("camera-2", "camera")};
  sources[2].medium = "screen";
  EXPECT_THAT(film_names(sources), testing::ElementsAre("screen", "camera", "camera2"));
}

TEST(Film, ASourceThatSaysItFollowsItselfEnds) {
  const std::vector<SourceRow> sources = {source("screen", "screen"), source("screen-2", "screen-2")};
  EXPECT_THAT(names(film_of(sources, "screen")), testing::ElementsAre("screen"));
  EXPECT_EQ(film_name_of(sources, "screen"), "screen");
}

TEST(Playlist, WithoutSegmentsThereIsNone) {
  PlaylistInput in = input();
  in.segments.clear();
  EXPECT_EQ(playlist(in).error().kind, ErrorKind::not_found);
  EXPECT_FALSE(position_us(in.segments, 6'000'000).has_value());
}

TEST(Position, FollowsThePlaylistAcrossAHole) {
  const std::vector<SegmentRow> segments = {segment(0, 0, 6'000'000), segment(1, 900'000, 16'000'000)};
  EXPECT_EQ(position_us(segments, 1), 0);           // before the first frame
  EXPECT_EQ(position_us(segments, 7'500'000), 1'500'000);
  EXPECT_EQ(position_us(segments, 12'000'000), 2'000'000);  // in the hole
  EXPECT_EQ(position_us(segments, 17'000'000), 3'000'000);
  EXPECT_EQ(position_us(segments, 99'000'000), 4'000'000);  // after the last frame
}

}  // namespace
}  // namespace netsampler
