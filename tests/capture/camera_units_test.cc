// The camera's parts that need neither camera nor threads: addresses, times, plausible waybills, sightings.
#include <gtest/gtest.h>

#include "capture/camera/camera_address.h"
#include "capture/camera/camera_input.h"
#include "capture/camera/camera_rate.h"
#include "capture/camera/camera_still.h"
#include "capture/camera/camera_time.h"
#include "capture/camera/camera_waybill.h"
#include "capture/camera/video_device.h"
#include "capture/media/av.h"

namespace netsampler::capture {
namespace {

TEST(VideoDevice, ItsReaderIsLoadedWhenItIsAskedFor) {
  const auto form = video_device_format();
  ASSERT_TRUE(form.ok()) << form.error().text;
  EXPECT_NE(std::string((*form)->name).find("v4l2"), std::string::npos);
}

TEST(VideoDevice, ALibraryThatIsNotThereOrIsAnotherIsSaid) {
  for (const char* library : {"libno-such.so.1", "libc.so.6"}) {
    const auto form = video_device_format(library);
    ASSERT_FALSE(form.ok()) << library;
    EXPECT_EQ(form.error().kind, ErrorKind::unavailable);
    EXPECT_NE(form.error().text.find("install libavdevice"), std::string::npos);
  }
}

TEST(CameraAddress, KnowsItsKinds) {
  const auto rtsp = parse_camera_address("rtsp://user:word@10.0.0.8:554/stream1");
  ASSERT_TRUE(rtsp.ok());
  EXPECT_EQ(rtsp->kind, CameraKind::rtsp);
  EXPECT_EQ(rtsp->target, "rtsp://user:word@10.0.0.8:554/stream1");
  const auto device = parse_camera_address("v4l2:///dev/video0");
  ASSERT_TRUE(device.ok());
  EXPECT_EQ(device->kind, CameraKind::device);
  EXPECT_EQ(device->target, "/dev/video0");
  const auto http = parse_camera_address("http://10.0.0.8/video.mjpg?x=1");
  ASSERT_TRUE(http.ok());
  EXPECT_EQ(http->kind, CameraKind::http);
  EXPECT_EQ(http->target, "http://10.0.0.8/video.mjpg?x=1");
  const auto file = parse_camera_address("film.mp4");
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->kind, CameraKind::file);
}

TEST(CameraAddress, RefusesOthers) {
  for (const char* address : {"", "https://10.0.0.8/x", "rtmp://10.0.0.8/x", "rtsp+http://10.0.0.8/x", "concat://a|b", "RTSP://10.0.0.8/x"}) {
    const auto parsed = parse_camera_address(address);
    ASSERT_FALSE(parsed.ok()) << address;
    EXPECT_EQ(parsed.error().kind, ErrorKind::usage);
  }
}

TEST(CameraAddress, SaysHowThePicturesTravel) {
  EXPECT_EQ(parse_camera_address("rtsp://h/s")->transport, CameraTransport::tcp);
  EXPECT_EQ(parse_camera_address("rtsp://h/s", "udp")->transport, CameraTransport::udp);
  EXPECT_EQ(parse_camera_address("rtsp://h/s", "auto")->transport, CameraTransport::any);
  const auto own = parse_camera_address("rtsp+udp://h/s", "tcp");
  EXPECT_EQ(own->transport, CameraTransport::udp);
  EXPECT_EQ(own->target, "rtsp://h/s");
  EXPECT_EQ(parse_camera_address("rtsp+tcp://h/s", "udp")->transport, CameraTransport::tcp);
  for (const char* word : {"", "UDP", "multicast"}) EXPECT_FALSE(parse_camera_address("rtsp://h/s", word).ok()) << word;
}

TEST(CameraAddress, ShowsNoPassword) {
  EXPECT_EQ(shown_address("http://10.0.0.8/v?user=a&password=b"), "http://10.0.0.8/v");
  EXPECT_EQ(shown_address("rtsp://user:pa@ss@10.0.0.8/s"), "rtsp://10.0.0.8/s");
  EXPECT_EQ(shown_address("rtsp://10.0.0.8/a@b"), "rtsp://10.0.0.8/a@b");
  EXPECT_EQ(shown_address("/tmp/a@b.mp4"), "/tmp/a@b.mp4");
}

TEST(CameraInput, NobodyThereIsSaidWithoutThePassword) {
  const SystemClock clock;
  const std::atomic<bool> stop = false;
  const auto stream = open_camera(*parse_camera_address("rtsp://user:secret@127.0.0.1:9/x"), clock, stop);
  ASSERT_FALSE(stream.ok());
  EXPECT_EQ(stream.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(stream.error().text.find("secret"), std::string::npos) << stream.error().text;
}

TEST(CameraTime, FollowsTheStreamsEvenTimes) {
  CameraTime time;
  EXPECT_EQ(time.place(10'000'000, 500'000).at_us, 10'000'000);
  const PlacedTime late = time.place(10'080'000, 566'000);
  EXPECT_EQ(late.at_us, 10'066'000);
  EXPECT_EQ(late.late_us, 14'000);
  EXPECT_EQ(time.place(10'140'000, 633'000).at_us, 10'133'000);
}

TEST(CameraTime, IsNeverLaterThanTheArrival) {
  CameraTime time;
  time.place(10'300'000, 0);                                   // the first came late
  EXPECT_EQ(time.place(10'310'000, 100'000).at_us, 10'310'000);  // the second shows it: the offset shrinks
  EXPECT_EQ(time.place(10'415'000, 200'000).at_us, 10'410'000);
}

TEST(CameraTime, StartsAnewWhenTheStreamsClockMoved) {
  CameraTime time;
  time.place(10'000'000, 0);
  EXPECT_EQ(time.place(12'000'000, 66'000).at_us, 12'000'000);  // two seconds of silence that the stream does not count
  EXPECT_EQ(time.place(12'067'000, 133'000).at_us, 12'067'000);
  EXPECT_EQ(time.place(12'133'000, -90'000'000).at_us, 12'133'000);
  EXPECT_TRUE(time.believed());
}

TEST(CameraTime, AlwaysGrows) {
  CameraTime time;
  const std::int64_t first = time.place(10'000'000, 1'000'000).at_us;
  const std::int64_t second = time.place(10'000'010, 1'000'000).at_us;
  const std::int64_t third = time.place(10'000'020, std::nullopt).at_us;
  EXPECT_EQ(second - first, CameraTime::kStep_us);
  EXPECT_EQ(third - second, CameraTime::kStep_us);
}

// What remains of the error after an hour of a camera's clock that is wrong by so much.
std::int64_t left_after_an_hour(std::int64_t ppm) {
  CameraTime time;
  std::int64_t worst_us = 0;
  for (std::int64_t true_us = 0; true_us < 3'600'000'000; true_us += 40'000)
    worst_us = std::max(worst_us, std::abs(time.place(1'000'000'000 + true_us, true_us + true_us * ppm / 1'000'000).at_us - 1'000'000'000 - true_us));
  EXPECT_TRUE(time.believed());
  return worst_us;
}

TEST(CameraTime, FollowsAClockThatDrifts) {
  EXPECT_LE(left_after_an_hour(-100), 2'100);  // 100 ppm of two buckets; without following it 360 ms
  EXPECT_LE(left_after_an_hour(100), 2'100);
  EXPECT_EQ(left_after_an_hour(0), 0);
}

bool believed_at(std::int64_t arrives_every_us, std::int64_t says_every_us) {
  CameraTime time;
  for (int n = 0; n < 400; ++n) {
    const PlacedTime placed = time.place(1'000'000'000 + n * arrives_every_us, n * says_every_us);
    EXPECT_LE(placed.at_us, 1'000'000'000 + n * arrives_every_us);
    EXPECT_GE(placed.at_us, 1'000'000'000 + n * arrives_every_us - CameraTime::kBehind_us);
  }
  return time.believed();
}

TEST(CameraTime, DoesNotBelieveTimesOfAnotherSpeed) {
  EXPECT_TRUE(believed_at(33'333, 33'333));
  EXPECT_TRUE(believed_at(200'000, 200'000));
  EXPECT_TRUE(believed_at(33'333, 34'000));
  EXPECT_FALSE(believed_at(200'000, 33'333));  // says 30 a second, gives 5
  EXPECT_FALSE(believed_at(33'333, 200'000));
}

TEST(CameraTime, AnotherConnectionIsBelievedAgain) {
  CameraTime time;
  for (int n = 0; n < 100; ++n) time.place(1'000'000'000 + n * 200'000, n * 33'333);
  ASSERT_FALSE(time.believed());
  time.forget_stream();
  EXPECT_TRUE(time.believed());
}

std::optional<RateLie> measured(CameraRate& rate, std::int64_t every_us, double declared, std::int64_t& at_us) {
  std::optional<RateLie> lie;
  for (std::int64_t end_us = at_us + 11'000'000; at_us < end_us; at_us += every_us)
    if (auto told = rate.take(at_us, declared)) lie = told;
  return lie;
}

TEST(CameraRate, TellsALieOnceAndAgainAfterTheTruth) {
  CameraRate rate;
  std::int64_t at_us = 1'000'000;
  EXPECT_FALSE(measured(rate, 33'333, 30, at_us));
  const auto lie = measured(rate, 200'000, 30, at_us);
  ASSERT_TRUE(lie);
  EXPECT_LE(lie->to_us - lie->from_us, CameraRate::kStretch_us + 200'000);
  EXPECT_FALSE(measured(rate, 200'000, 30, at_us));
  EXPECT_FALSE(measured(rate, 33'333, 30, at_us));
  rate.forget();
  EXPECT_EQ(measured(rate, 3'333, 30, at_us)->a_second, 300);
}

TEST(CameraRate, WhoSaysNothingDoesNotLie) {
  CameraRate rate;
  std::int64_t at_us = 1'000'000;
  EXPECT_FALSE(measured(rate, 200'000, 0, at_us));
}

std::optional<Note> watched(int changes_at, bool noise) {
  StillWatch watch;
  Bytes pixels(320 * 240, 90);
  for (int second = 0; second < 60; ++second) {
    if (second == changes_at) std::fill_n(pixels.begin() + 4000, 8000, std::uint8_t{200});
    if (noise) pixels[static_cast<std::size_t>(second * 900)] = 120;
    if (auto note = watch.look({pixels.data(), 320, 240, 320, PixelForm::gray}, second * 1'000'000, "camera")) return note;
  }
  return watch.finish();
}

TEST(StillWatch, TellsAPictureThatStandsStill) {
  const auto whole = watched(-1, false);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->body, (Json{{"code", "camera-still"}, {"severity", "note"}, {"source", "camera"}, {"from_us", 0}, {"to_us", 59'000'000}}));
  EXPECT_EQ(watched(45, false)->body["to_us"], 44'000'000);
  EXPECT_TRUE(watched(-1, true));  // a pixel here and there is no change
}

TEST(StillWatch, AChangeInTimeIsNone) {
  StillWatch watch;
  for (int second = 0; second < 120; ++second) {
    const Bytes pixels(320 * 240, static_cast<std::uint8_t>(second / 25 * 40));
    EXPECT_FALSE(watch.look({pixels.data(), 320, 240, 320, PixelForm::gray}, second * 1'000'000, "camera")) << second;
  }
  EXPECT_FALSE(watch.finish());
}

Code code(const std::string& text, const std::string& format = "Code128") {
  Code made;
  made.format = format;
  made.text = text;
  made.corners = {{{10, 20}, {210, 22}, {210, 90}, {10, 88}}};
  return made;
}

TEST(Waybill, PlausibleOnes) {
  for (const char* text : {"SF1390000000042", "YT7788990011", "773112345678901", "75312345678901", "JDVA12345678901", "EA123456789CN"})
    EXPECT_TRUE(plausible_waybill(code(text))) << text;
}

TEST(Waybill, ImplausibleOnes) {
  for (const char* text : {"", "SF12345", "https://example.com/1234567", "sf1390000000042", "SF 1390000000042", "ABCDEFGHIJKL",
                           "1234567890123456789012345678901234567", "运单1390000000042"})
    EXPECT_FALSE(plausible_waybill(code(text))) << text;
  EXPECT_FALSE(plausible_waybill(code("6901234567892", "EAN-13")));
  EXPECT_TRUE(plausible_waybill(code("6901234567892", "Code128")));
}

TEST(Waybill, CountsAfterTheSecondReading) {
  WaybillSightings seen;
  EXPECT_TRUE(seen.take({code("SF1390000000042"), code("SF1390000000042")}, 1'000, "camera").empty());  // one picture
  const auto notes = seen.take({code("SF1390000000042")}, 251'000, "camera");
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[0].type, "fact");
  EXPECT_EQ(notes[0].body, (Json{{"kind", "parcel"}, {"item", "40-1"}, {"name", "parcel.waybill"}, {"from", "barcode"},
                                 {"source", "camera"}, {"from_us", 251'000}, {"rect", {10, 20, 201, 71}}, {"confidence", 95}}));
  EXPECT_EQ(notes[0].personal, (Json{{"value", "SF1390000000042"}, {"raw", "Code128:SF1390000000042"}}));
  EXPECT_EQ(notes[1].type, "chapter");
  EXPECT_EQ(notes[1].body, (Json{{"item", "40-1"}, {"source", "camera"}, {"from_us", 1'000}}));
  EXPECT_TRUE(seen.take({code("SF1390000000042")}, 501'000, "camera").empty());  // once
}

TEST(Waybill, OneReadingAsksForAnotherAWhile) {
  WaybillSightings seen;
  EXPECT_FALSE(seen.unsure());
  seen.take({code("SF1390000000042")}, 1'000, "camera");
  EXPECT_TRUE(seen.unsure());
  seen.take({code("SF1390000000042")}, 2'000, "camera");
  EXPECT_FALSE(seen.unsure());
  seen.take({code("SF1390000000043")}, 3'000, "camera");
  for (int look = 0; look < 10; ++look) seen.take({}, 4'000 + look, "camera");
  EXPECT_FALSE(seen.unsure());
}

TEST(Waybill, ForgetsNothingAndGrowsNotForEver) {
  WaybillSightings seen;
  for (int n = 0; n < 200; ++n) seen.take({code("SF13900000" + std::to_string(10000 + n))}, n, "camera");
  EXPECT_EQ(seen.take({code("SF1390000010000")}, 900, "camera").size(), 2U);
  EXPECT_TRUE(seen.take({code("SF1390000010199")}, 901, "camera").empty());  // beyond the bound: never taken up
}

}  // namespace
}  // namespace netsampler::capture
