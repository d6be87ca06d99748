#include "ui/console/api_playlist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netsampler {
namespace {

using testing::HasSubstr;
using testing::Not;

SegmentRow segment(std::int64_t no, std::int64_t first_pts, std::int64_t first_us, bool key = true) {
  SegmentRow row;
  row.no = no, row.path = "media/screen/00000" + std::to_string(no) + ".m4s", row.key = key;
  row.first_pts = first_pts, row.last_pts = first_pts + 171'000, row.last_duration = 9'000;  // 2 s
  row.first_us = first_us;
  return row;
}

PlaylistInput input() {
  PlaylistInput in{"aaaaaaaaaaaaaaaaaaaaaaaaaa", "screen", {}, 1'800'000'000'000'000, 5'000'000, true};
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
