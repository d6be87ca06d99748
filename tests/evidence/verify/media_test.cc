// The strict look into init.mp4 and the segments: each trick beside its accepted twin.
#include <gtest/gtest.h>

#include "evidence/verify/media.h"
#include "tests/evidence/verify/media_maker.h"

namespace netsampler::test {
namespace {

using verify::read_init;
using verify::read_segment;

std::string why_init(const InitPlan& plan) {
  const auto facts = read_init(as_bytes(make_init(plan)));
  return facts.ok() ? "" : facts.error().text;
}

TEST(Init, SaysWhatTheTrackIs) {
  const auto facts = read_init(as_bytes(make_init()));
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts->time_scale, 90'000);
  EXPECT_EQ(facts->width, 64);
  EXPECT_EQ(facts->height, 48);
  EXPECT_EQ(facts->codec, "h264");
}

TEST(Init, RefusesTricksByName) {
  EXPECT_EQ(why_init({}), "");
  EXPECT_EQ(why_init({.more_in_trak = box("edts", "")}), "a stray box: edts");
  EXPECT_EQ(why_init({.more_in_moov = box("trak", "")}), "more than one box trak");
  EXPECT_EQ(why_init({.more_in_moov = box("free", "x")}), "a stray box: free");
  EXPECT_EQ(why_init({.samples = 1}), "pictures in the header file");
  EXPECT_EQ(why_init({.handler = "soun"}), "a track that is not video");
  EXPECT_EQ(why_init({.entry = "mp4a"}), "a stray box: mp4a");
}

struct Trick {
  const char* name;
  SegmentPlan plan;
  const char* why;
};

const Trick kTricks[] = {
    {"AnotherTrack", {.track = 2}, "a fragment of another track"},
    {"BaseOffset", {.tfhd_flags = 0x20001}, "a fragment that does not point into itself"},
    {"NotMoofBased", {.tfhd_flags = 0}, "a fragment that does not point into itself"},
    {"Reordered", {.reordered = 3'000}, "reordered frames"},
    {"OffsetElsewhere", {.data_offset_error = 1}, "frames that do not begin where their data does"},
    {"HiddenBytes", {.hidden = "x"}, "frames that do not fill their data exactly"},
    {"StrayBox", {.more_behind = box("free", "")}, "a stray box: free"},
    {"StrayInFragment", {.more_in_traf = box("uuid", "")}, "a stray box: uuid"},
    {"SecondRun", {.more_in_traf = box("trun", u32(0) + u32(0))}, "more than one box trun"},
    {"BytesBehind", {.more_behind = "xyz"}, "box header: a box that ends too early"},
    {"DataTwice", {.more_behind = box("mdat", "x")}, "moof and mdat do not follow each other"},
    {"NoFrames", {.durations = {}}, "an impossible number of frames"},
};

class ASegment : public testing::TestWithParam<Trick> {};

TEST_P(ASegment, WithATrickIsRefusedByName) {
  const auto init = read_init(as_bytes(make_init()));
  ASSERT_TRUE(init.ok());
  const auto sound = read_segment(as_bytes(make_segment({})), *init);
  ASSERT_TRUE(sound.ok()) << sound.error().text;
  const auto bent = read_segment(as_bytes(make_segment(GetParam().plan)), *init);
  ASSERT_FALSE(bent.ok());
  EXPECT_EQ(bent.error().text, GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(Tricks, ASegment, testing::ValuesIn(kTricks), [](const auto& one) { return std::string(one.param.name); });

TEST(Segment, SaysWhatItsFramesAre) {
  const auto init = read_init(as_bytes(make_init()));
  ASSERT_TRUE(init.ok());
  const auto facts = read_segment(as_bytes(make_segment({.first_pts = 700, .durations = {10, 30, 20}, .key = false})), *init);
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts->frames, 3);
  EXPECT_EQ(facts->first_pts, 700);
  EXPECT_EQ(facts->end_pts, 760);
  EXPECT_EQ(facts->last_duration, 20);
  EXPECT_EQ(facts->longest, 30);
  EXPECT_FALSE(facts->key);
}

TEST(Segment, CutAnywhereIsRefused) {
  const auto init = read_init(as_bytes(make_init()));
  ASSERT_TRUE(init.ok());
  const std::string whole = make_segment({});
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(read_segment(as_bytes(whole.substr(0, size)), *init).ok()) << size;
}

}  // namespace
}  // namespace netsampler::test
