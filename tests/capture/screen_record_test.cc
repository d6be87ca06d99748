// The recorder as a program on a real X server, judged by ffprobe and ffmpeg.
#include <gtest/gtest.h>

#include <algorithm>

#include "capture/strip/marker.h"
#include "tests/capture/boxes.h"
#include "tests/capture/recording.h"
#include "tests/capture/x_server.h"

namespace netsampler::capture {
namespace {

constexpr std::uint32_t kOrange = 0xff8000, kTeal = 0x008080, kPurple = 0x802090;

class ScreenRecord : public testing::Test {
 protected:
  void begin(int width, int height, const std::vector<std::string>& more = {}) {
    auto server = XServer::start(width, height, more);
    ASSERT_TRUE(server.ok()) << server.error().text;
    server_ = std::make_unique<XServer>(server.take());
    auto x = XDisplay::open(server_->display());
    ASSERT_TRUE(x.ok()) << x.error().text;
    x_ = std::make_unique<XDisplay>(x.take());
  }
  Process record(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"screen", "--display", server_->display(), "--out", out_, "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto process = start_capture(arguments, log_);
    EXPECT_TRUE(process.ok());
    return process.ok() ? process.take() : Process();
  }
  bool ready() {
    return eventually([&] { return text_of_file(log_).find("\"ready\"") != std::string::npos; });
  }
  bool pixel_is(int x, int y, std::uint32_t rgb) {
    const auto cookie = xcb_get_image(x_->get(), XCB_IMAGE_FORMAT_Z_PIXMAP, x_->root(), static_cast<std::int16_t>(x), static_cast<std::int16_t>(y), 1, 1, ~0U);
    const auto reply = x_->reply<xcb_get_image_reply_t>(cookie.sequence);
    if (!reply.ok()) return false;
    const std::uint8_t* bgrx = xcb_get_image_data(reply->get());
    return bgrx[0] == (rgb & 0xff) && bgrx[1] == (rgb >> 8 & 0xff) && bgrx[2] == rgb >> 16;
  }
  // A machine under load may hold the recorder up; what must not be is a hole that nobody speaks of.
  bool gap_noted() const { return text_of_file(out_ + "/notes.jsonl").find("\"gap\"") != std::string::npos; }
  Json summary() {
    std::istringstream in(text_of_file(log_));
    std::string line, last;
    while (std::getline(in, line)) last = line;
    return parse_any(last).value_or(Json::object());
  }

  TempDirectory directory_;
  std::string out_ = directory_ / "out", log_ = directory_ / "log";
  std::unique_ptr<XServer> server_;
  std::unique_ptr<XDisplay> x_;
};

TEST_F(ScreenRecord, ColoursTimesAndSegmentsAreRight) {
  begin(641, 361);  // odd sides are padded
  const ColourWindow left(*x_, {0, 60, 320, 301}, kOrange), right(*x_, {320, 60, 321, 301}, kTeal);
  Process recorder = record({"--seconds", "4", "--case", "C-1", "--samplers", "a、b"});
  ASSERT_TRUE(ready());
  const SystemClock clock;
  for (std::int64_t i = 0, from = clock.boot_us(); i < 15; ++i) {
    ASSERT_TRUE(eventually([&] { return clock.boot_us() - from >= i * 100'000; }));
    right.paint(i % 2 == 0 ? kTeal : kPurple);
  }
  ASSERT_EQ(recorder.wait(30'000), 0) << text_of_file(log_);
  const std::string file = joined(out_);
  const auto frames = probe(file);
  ASSERT_TRUE(frames.ok());
  const Json said = summary();
  EXPECT_EQ(int_or(said, "frames_encoded", -1), static_cast<std::int64_t>(frames->size()));
  EXPECT_EQ(int_or(said, "segments", -1), static_cast<std::int64_t>(segments_in(out_).size()));
  EXPECT_GE(int_or(said, "frames_dropped", -1), 0);
  EXPECT_EQ(decoded_frames(file).value_or(-1), static_cast<std::int64_t>(frames->size()));
  EXPECT_GE(frames->size(), 8U);
  EXPECT_TRUE(frames->front().key);
  EXPECT_DOUBLE_EQ(frames->front().pts_seconds, 0);
  EXPECT_NEAR(frames->back().pts_seconds, 4, 0.5);
  for (std::size_t i = 1; i < frames->size(); ++i) {
    EXPECT_GT((*frames)[i].pts_seconds, (*frames)[i - 1].pts_seconds);
    EXPECT_TRUE((*frames)[i].pts_seconds - (*frames)[i - 1].pts_seconds <= 1.1 || gap_noted());
  }
  const auto picture = LastPicture::decode(file, 642, 362);
  ASSERT_TRUE(picture.ok()) << picture.error().text;
  EXPECT_TRUE(picture->shows(100, 200, kOrange));
  EXPECT_TRUE(picture->shows(500, 200, kTeal));
  EXPECT_FALSE(picture->shows(500, 200, kPurple));
  EXPECT_TRUE(picture->shows(5, 18, kMarkerColours[0]));
}

TEST_F(ScreenRecord, EverySegmentIsAtMostTwoSecondsAndMeetsTheNext) {
  begin(320, 240);
  Process recorder = record({"--seconds", "5", "--no-strip"});
  ASSERT_EQ(recorder.wait(30'000), 0) << text_of_file(log_);
  const auto segments = segments_in(out_);
  ASSERT_GE(segments.size(), 3U);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string bytes = text_of_file(segments[i]);
    const auto time = decode_time(as_bytes(bytes));
    ASSERT_TRUE(time);
    EXPECT_TRUE(*time - before <= (i == 0 ? 0U : 180'000U) || gap_noted());
    before = *time;
  }
}

TEST_F(ScreenRecord, ASecondRecorderIsRefusedAndWritesNothing) {
  begin(320, 240);
  Process recorder = record({"--seconds", "60", "--no-strip"});
  ASSERT_TRUE(ready());
  const std::string other = directory_ / "other", log = directory_ / "other.log";
  auto second = start_capture({"screen", "--display", server_->display(), "--out", other, "--seconds", "1"}, log);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->wait(20'000), 1);
  EXPECT_NE(text_of_file(log).find("being recorded already"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(other));
  auto check = start_capture({"check", "--display", server_->display()}, log);
  ASSERT_TRUE(check.ok());
  EXPECT_EQ(check->wait(20'000), 1);
  recorder.signal(SIGTERM);
  EXPECT_EQ(recorder.wait(20'000), 0);
  auto again = start_capture({"check", "--display", server_->display()}, log);  // free again
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->wait(20'000), 0);
}

TEST_F(ScreenRecord, NoDisplayIsOneLineAndExitOne) {
  auto process = start_capture({"screen", "--display", ":64999", "--out", out_, "--seconds", "1"}, log_);
  ASSERT_TRUE(process.ok());
  EXPECT_EQ(process->wait(20'000), 1);
  const std::string text = text_of_file(log_);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  EXPECT_FALSE(std::filesystem::exists(out_));
}

TEST_F(ScreenRecord, BadOptionsAreExit64) {
  for (const std::vector<std::string>& more : std::vector<std::vector<std::string>>{
           {"--display", ":0"}, {"--display", ":0", "--out", "x"}, {"--display", ":0", "--ledger", "x"}, {"--seconds", "1"}}) {
    std::vector<std::string> arguments = {"screen"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto process = start_capture(arguments, log_);
    ASSERT_TRUE(process.ok());
    EXPECT_EQ(process->wait(20'000), 64);
  }
}

TEST_F(ScreenRecord, SigtermFinishesTheLastSegment) {
  begin(320, 240);
  Process recorder = record({"--seconds", "60"});
  ASSERT_TRUE(ready());
  ASSERT_TRUE(eventually([&] { return !segments_in(out_).empty(); }));
  recorder.signal(SIGTERM);
  ASSERT_EQ(recorder.wait(20'000), 0) << text_of_file(log_);
  const std::string file = joined(out_);
  EXPECT_EQ(decoded_frames(file).value_or(-1), int_or(summary(), "frames_encoded", -2));
}

TEST_F(ScreenRecord, KillLeavesWholeSegments) {
  begin(320, 240);
  Process recorder = record({"--seconds", "60"});
  ASSERT_TRUE(ready());
  ASSERT_TRUE(eventually([&] { return segments_in(out_).size() >= 2; }));
  recorder.signal(SIGKILL);
  ASSERT_EQ(recorder.wait(20'000), 128 + SIGKILL);
  const std::string file = joined(out_);
  EXPECT_EQ(decoded_frames(file).value_or(-1), static_cast<std::int64_t>(probe(file).value_or({}).size()));
  EXPECT_GE(decoded_frames(file).value_or(-1), 2);
}

TEST_F(ScreenRecord, AStoppedProcessLeavesAGap) {
  begin(320, 240);
  Process recorder = record({"--seconds", "60"});
  ASSERT_TRUE(ready());
  recorder.signal(SIGSTOP);
  const SystemClock clock;
  const std::int64_t from = clock.boot_us();
  ASSERT_TRUE(eventually([&] { return clock.boot_us() - from >= 1'500'000; }));
  recorder.signal(SIGCONT);
  const std::string notes = out_ + "/notes.jsonl";
  EXPECT_TRUE(eventually([&] { return text_of_file(notes).find("\"gap\"") != std::string::npos; }));
  recorder.signal(SIGTERM);
  EXPECT_EQ(recorder.wait(20'000), 0);
  const std::string text = text_of_file(notes);
  const Json note = parse_any(text.substr(0, text.find('\n'))).value_or(Json::object());
  EXPECT_GE(int_or(note, "to_us", 0) - int_or(note, "from_us", 0), 1'400'000);
}

TEST_F(ScreenRecord, AHungDisplayLeavesAGapAndDoesNotHangTheEnd) {
  begin(320, 240);
  Process recorder = record({"--seconds", "60"});
  ASSERT_TRUE(ready());
  const SystemClock clock;
  const std::int64_t from = clock.boot_us();
  server_->process().signal(SIGSTOP);
  ASSERT_TRUE(eventually([&] { return clock.boot_us() - from >= 1'500'000; }));
  server_->process().signal(SIGCONT);
  EXPECT_TRUE(eventually([&] { return text_of_file(out_ + "/notes.jsonl").find("\"gap\"") != std::string::npos; }));
  server_->process().signal(SIGSTOP);
  recorder.signal(SIGTERM);
  EXPECT_EQ(recorder.wait(10'000), 0) << text_of_file(log_);
  server_->process().signal(SIGCONT);
  const std::string file = joined(out_);
  EXPECT_EQ(decoded_frames(file).value_or(-1), int_or(summary(), "frames_encoded", -2));
}

TEST_F(ScreenRecord, TheStripComesBackOnTop) {
  begin(640, 360);
  Process recorder = record({"--seconds", "60"});
  ASSERT_TRUE(ready());
  EXPECT_TRUE(eventually([&] { return pixel_is(5, 18, kMarkerColours[0]); }));
  const ColourWindow cover(*x_, {0, 0, 640, 360}, kOrange);
  EXPECT_TRUE(eventually([&] { return pixel_is(5, 18, kMarkerColours[0]) && pixel_is(300, 200, kOrange); }, 5'000));
  recorder.signal(SIGTERM);
  EXPECT_EQ(recorder.wait(20'000), 0);
}

TEST_F(ScreenRecord, WithoutDamageAndSharedMemoryItSaysSoAndRecords) {
  begin(320, 240, {"-extension", "DAMAGE", "-extension", "MIT-SHM"});
  const ColourWindow window(*x_, {0, 60, 320, 180}, kOrange);
  Process recorder = record({"--seconds", "2"});
  ASSERT_TRUE(ready());
  window.paint(kTeal);
  ASSERT_EQ(recorder.wait(30'000), 0) << text_of_file(log_);
  EXPECT_NE(text_of_file(log_).find("no DAMAGE"), std::string::npos);
  EXPECT_NE(text_of_file(log_).find("no MIT-SHM"), std::string::npos);
  const auto picture = LastPicture::decode(joined(out_), 320, 240);
  ASSERT_TRUE(picture.ok());
  EXPECT_TRUE(picture->shows(160, 150, kTeal));
}

TEST_F(ScreenRecord, ALostDisplayEndsItWithWhatWasRecorded) {
  begin(320, 240);
  Process recorder = record({"--seconds", "60"});
  ASSERT_TRUE(ready());
  ASSERT_TRUE(eventually([&] { return !segments_in(out_).empty(); }));
  x_.reset();
  server_->process().stop(5'000);
  ASSERT_EQ(recorder.wait(20'000), 1);
  EXPECT_NE(text_of_file(log_).find("is gone"), std::string::npos);
  EXPECT_GE(decoded_frames(joined(out_)).value_or(-1), 1);
}

TEST_F(ScreenRecord, ADirectoryWithARecordingIsRefused) {
  begin(320, 240);
  Process first = record({"--seconds", "1", "--no-strip"});
  ASSERT_EQ(first.wait(20'000), 0);
  const std::string before = text_of_file(out_ + "/init.mp4");
  Process second = record({"--seconds", "1", "--no-strip"});
  EXPECT_EQ(second.wait(20'000), 65);
  EXPECT_EQ(text_of_file(out_ + "/init.mp4"), before);
}

}  // namespace
}  // namespace netsampler::capture
