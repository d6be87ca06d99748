// `netsampler-verify --deep` on real video: recordings whose strips show their own chain, and what a thief of the keys would make.
#include <sys/stat.h>

#include <fstream>

#include "capture/media/frame_stamp.h"
#include "evidence/format/names.h"
#include "evidence/verify/picture_helper.h"
#include "tests/capture/strip_film.h"
#include "tests/evidence/verify/helpers.h"
#include "tests/support/temp_directory.h"

namespace netsampler::capture {
namespace {

using test::codes_of;
using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using verify::Report;

constexpr std::int64_t kFrameTicks = 45'000;  // two frames a second
constexpr int kSegments = 6, kFrames = 3;     // of a segment; every third segment begins with a key frame

// What a picture says of itself, before it is written into it.
struct Saying {
  std::int64_t number = 0;  // of all pictures, from 0
  EncodedFrame& frame;      // its at_us and dropped are written
  std::int64_t utc_us = 0, error_us = 0;
  bool silent = false;
};

// Bends what a recording shows and holds, before it is sealed with the true keys.
struct Bending {
  std::int64_t begins_us = 0;                               // later than the others'
  std::function<void(StripText& text)> text = {};           // what the strip shows
  std::function<void(std::vector<EncodedFrame>&)> frames = {};  // of each segment
  std::function<std::string(const std::string& path, std::string bytes)> media = {};
  std::function<void(Saying& saying)> say = {};
  bool covered = false;                                     // another window lies over the strip
  bool announced = true;                                    // the source says that its pictures say their times
};

class Recording {
 public:
  explicit Recording(Bending bending = {}) : bending_(std::move(bending)), made_(test::kPurchase, "purchase", clock_, box_) {
    clock_.advance(bending_.begins_us);
    made_.open();
    start_us_ = clock_.boot_us();
    Json source{{"source", "screen"}, {"medium", "screen"}, {"width", Film::kWidth}, {"height", Film::kHeight}, {"codec", "h264"},
                {"time_base", 90'000}, {"start_us", start_us_}, {"mode", "encoded"}, {"file", put("media/screen/init.mp4", film_.init())}};
    if (bending_.announced) source["frame_times"] = "sei";
    made_.add("source", source);
    for (int no = 0; no < kSegments; ++no) segment(no);
    made_.close();
  }
  const test::Files& files() const { return made_.files; }

 private:
  void segment(int no) {
    const std::int64_t first_pts = no * kPeriod, last_pts = first_pts + (kFrames - 1) * kFrameTicks;
    const auto us = [&](std::int64_t pts) { return start_us_ + pts * 100 / 9; };
    for (int i = 0; i < kFrames; ++i) {
      const std::int64_t pts = first_pts + i * kFrameTicks;
      clock_.advance(us(pts) - clock_.boot_us());
      StripText text = strip_text(clock_.utc_us(), made_.head(), "");
      if (bending_.text) bending_.text(text);
      film_.add(text, pts, i == 0 && no % 3 == 0, bending_.covered, us(pts));
      say();
    }
    if (bending_.frames) bending_.frames(film_.frames());
    made_.add("segment", {{"source", "screen"}, {"no", no}, {"key", no % 3 == 0}, {"frames", kFrames}, {"dropped", 0}, {"heartbeats", 0},
                          {"longest_us", kFrameTicks * 100 / 9}, {"first_pts", first_pts}, {"last_pts", last_pts}, {"last_duration", Film::kLastTicks},
                          {"first_us", us(first_pts)}, {"last_us", us(last_pts)}, {"file", put(netsampler::segment_path("screen", no), film_.segment())}});
  }
  void say() {
    EncodedFrame& frame = film_.frames().back();
    Saying saying{said_++, frame, clock_.utc_us(), 16'000'000};
    if (bending_.say) bending_.say(saying);
    if (!saying.silent) stamp_.stamp(frame, saying.utc_us, saying.error_us);
  }
  Json put(const std::string& path, const Bytes& bytes) {
    std::string text(as_text(bytes));
    if (bending_.media) text = bending_.media(path, std::move(text));
    return made_.file(path, std::move(text));
  }

  static constexpr std::int64_t kPeriod = (kFrames - 1) * kFrameTicks + Film::kLastTicks;
  Bending bending_;
  ManualClock clock_;
  SigningKey box_ = test::box_key();
  test::RecordingMaker made_;
  Film film_;
  FrameStamp stamp_{{"screen", "screen", "encoded", "h264", Film::kWidth, Film::kHeight, 0, film_.extradata()}};
  std::int64_t start_us_ = 0, said_ = 0;
};

const std::string kHelper = std::string(BINARY_DIR) + "/bin/netsampler-pictures";

class Deep : public testing::Test {
 protected:
  Report report_of(const test::Files& files, bool deep = true) {
    std::filesystem::remove_all(root_);
    for (const auto& [path, bytes] : files) {
      std::filesystem::create_directories((root_ + "/" + path).substr(0, (root_ + "/" + path).rfind('/')));
      std::ofstream(root_ + "/" + path, std::ios::binary) << bytes;
    }
    const RealFileSystem disk;
    const auto helper = verify::picture_helper(helper_, root_, patience_ms_);
    const auto report = verify::verify(disk, root_, test::test_policy(), {.deep = deep, .only_case = "", .pictures = helper.get()});
    EXPECT_TRUE(report.ok());
    return report.ok() ? *report : Report();
  }
  Report report_of(const Recording& recording, bool deep = true) { return report_of(recording.files(), deep); }
  // A program that says what it likes.
  void lie(const std::string& script) {
    helper_ = directory_ / "helper";
    std::ofstream(helper_) << "#!/bin/sh\n" << script << "\n";
    ASSERT_EQ(::chmod(helper_.c_str(), 0755), 0);
  }

  TempDirectory directory_;
  std::string root_ = directory_ / "recording", helper_ = kHelper;
  int patience_ms_ = 60'000;
};

TEST_F(Deep, ARecordingShowsItsOwnChain) {
  const Report report = report_of(Recording());
  EXPECT_THAT(codes_of(report), ElementsAre("unstamped")) << test::print_of(report);
  EXPECT_EQ(report.pictures.segments, kSegments);
  EXPECT_EQ(report.pictures.frames, kSegments * kFrames);
  EXPECT_GE(report.pictures.strips, kSegments);
  EXPECT_EQ(report.pictures.times, kSegments * kFrames);
}

// Recordings from before pictures said their times: nothing is missed, and nothing is believed.
TEST_F(Deep, WithoutTheAnnouncementNobodyAsksForTimes) {
  const Report report = report_of(Recording({.say = [](Saying& saying) { saying.silent = true; }, .announced = false}));
  EXPECT_THAT(codes_of(report), ElementsAre("unstamped")) << test::print_of(report);
  EXPECT_EQ(report.pictures.times, 0);
}

TEST_F(Deep, WhatAPictureSaysOfItselfMustAgreeWithTheChain) {
  const auto fourth = [](auto bend) {
    return Bending{.say = [bend](Saying& saying) { if (saying.number == 4) bend(saying); }};
  };
  const std::vector<std::pair<std::string, Bending>> forgeries = {
      {"taken away", fourth([](Saying& s) { s.silent = true; })},
      {"number skipped", fourth([](Saying& s) { s.frame.dropped = 1; })},
      {"shifted by a frame", fourth([](Saying& s) { s.frame.at_us += 33'333; })},
      {"UTC shifted", fourth([](Saying& s) { s.utc_us += 60'000'000; })},
      {"all of UTC shifted", Bending{.say = [](Saying& s) { s.utc_us -= 3'600'000'000; }}},
      {"a smaller error", fourth([](Saying& s) { s.error_us = 0; })}};
  for (const auto& [what, bending] : forgeries) {
    const Recording forged(bending);
    EXPECT_THAT(codes_of(report_of(forged, false)), ElementsAre("unstamped")) << what;
    const auto found = codes_of(report_of(forged));
    EXPECT_THAT(std::set<std::string>(found.begin(), found.end()), ElementsAre("picture-time", "unstamped")) << what;
  }
}

TEST_F(Deep, PicturesOfAnotherRecordingUnderTheTrueKeysAreFoundByNothingElse) {
  const Recording other({.begins_us = 3'600'000'000});
  EXPECT_THAT(codes_of(report_of(other)), ElementsAre("unstamped"));
  const Recording forged({.media = [&](const std::string& path, std::string) { return other.files().at(path); }});
  EXPECT_THAT(codes_of(report_of(forged, false)), ElementsAre("unstamped"));
  const Report report = report_of(forged);
  EXPECT_STREQ(verify::verdict_of(report), "BROKEN");
  EXPECT_THAT(codes_of(report), IsSupersetOf({"picture-clock", "picture-head"}));
}

// The second was mended in the pictures, the head was not: whoever knows the strip must also know each line's hash beforehand.
TEST_F(Deep, AMendedSecondStillShowsAnotherChain) {
  const Recording forged({.text = [](StripText& text) { text.box.head = hex_of(sha256(as_bytes("a line elsewhere"))); }});
  const Report report = report_of(forged);
  EXPECT_THAT(codes_of(report), Contains("picture-head"));
  EXPECT_THAT(codes_of(report), testing::Not(Contains("picture-clock")));
}

TEST_F(Deep, PicturesPlayedAgainLaterAreFound) {
  const Recording replayed({.text = [](StripText& text) { text.utc_us -= 30'000'000; }});
  EXPECT_THAT(codes_of(report_of(replayed, false)), ElementsAre("unstamped"));
  EXPECT_THAT(codes_of(report_of(replayed)), Contains("picture-clock"));
  const Recording busy({.text = [](StripText& text) { text.utc_us -= 2'000'000; }});
  EXPECT_THAT(codes_of(report_of(busy)), ElementsAre("unstamped"));
}

TEST_F(Deep, FramesThatAreNoPicturesAreFound) {
  const Recording empty({.frames = [](std::vector<EncodedFrame>& frames) { std::fill(frames.back().bytes.begin() + 5, frames.back().bytes.end(), std::uint8_t{0}); }});
  EXPECT_THAT(codes_of(report_of(empty, false)), ElementsAre("unstamped"));
  EXPECT_THAT(codes_of(report_of(empty)), Contains("media-mismatch"));
}

TEST_F(Deep, AStripThatIsNotThereIsSaid) {
  const Recording covered({.covered = true});
  EXPECT_THAT(codes_of(report_of(covered, false)), ElementsAre("unstamped"));
  EXPECT_THAT(codes_of(report_of(covered)), ElementsAre("picture-unread", "unstamped"));
}

TEST_F(Deep, WithoutAKeyFrameTheRestOfItsRunIsUnread) {
  test::Files files = Recording().files();
  files.erase("media/screen/000000.m4s");
  const Report report = report_of(files);
  EXPECT_THAT(codes_of(report), ElementsAre("file-missing", "picture-unread", "unstamped")) << test::print_of(report);
  EXPECT_EQ(report.pictures.segments, 3);  // from the next key frame on
}

TEST_F(Deep, AHelperThatHangsIsKilledAndSaid) {
  patience_ms_ = 300;
  lie("exec tail -f /dev/null");
  EXPECT_THAT(codes_of(report_of(Recording())), ElementsAre("picture-unread", "unstamped"));
}

TEST_F(Deep, AHelperThatFloodsOrFailsIsSaid) {
  for (const char* script : {"exec yes '{\"no\":99}'", "exec head -c 200000 /dev/zero", "exit 3", "echo '{\"end\":true}'; exit 1"}) {
    lie(script);
    EXPECT_THAT(codes_of(report_of(Recording())), Contains("picture-unread")) << script;
  }
}

}  // namespace
}  // namespace netsampler::capture
