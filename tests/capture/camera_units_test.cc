// The camera's parts that need neither camera nor threads: addresses, times, plausible waybills, sightings.
#include <gtest/gtest.h>

#include "capture/camera/camera_address.h"
#include "capture/camera/camera_input.h"
#include "capture/camera/camera_time.h"
#include "capture/camera/camera_waybill.h"

namespace netsampler::capture {
namespace {

TEST(CameraAddress, KnowsItsKinds) {
  const auto rtsp = parse_camera_address("rtsp://user:word@10.0.0.8:554/stream1");
  ASSERT_TRUE(rtsp.ok());
  EXPECT_EQ(rtsp->kind, CameraKind::rtsp);
  EXPECT_EQ(rtsp->target, "rtsp://user:word@10.0.0.8:554/stream1");
  const auto device = parse_camera_address("v4l2:///dev/video0");
  ASSERT_TRUE(device.ok());
  EXPECT_EQ(device->kind, CameraKind::device);
  EXPECT_EQ(device->target, "/dev/video0");
  const auto file = parse_camera_address("film.mp4");
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->kind, CameraKind::file);
}

TEST(CameraAddress, RefusesOthers) {
  for (const char* address : {"", "http://10.0.0.8/x", "concat://a|b", "RTSP://10.0.0.8/x"}) {
    const auto parsed = parse_camera_address(address);
    ASSERT_FALSE(parsed.ok()) << address;
    EXPECT_EQ(parsed.error().kind, ErrorKind::usage);
  }
}

TEST(CameraAddress, ShowsNoPassword) {
  EXPECT_EQ(shown_address("rtsp://user:pa@ss@10.0.0.8/s"), "rtsp://10.0.0.8/s");
  EXPECT_EQ(shown_address("rtsp://10.0.0.8/a@b"), "rtsp://10.0.0.8/a@b");
  EXPECT_EQ(shown_address("/tmp/a@b.mp4"), "/tmp/a@b.mp4");
}

TEST(CameraInput, NobodyThereIsSaidWithoutThePassword) {
  const SystemClock clock;
  const std::atomic<bool> stop = false;
  const auto stream = open_camera("rtsp://user:secret@127.0.0.1:9/x", clock, stop);
  ASSERT_FALSE(stream.ok());
  EXPECT_EQ(stream.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(stream.error().text.find("secret"), std::string::npos) << stream.error().text;
}

TEST(CameraTime, FollowsTheStreamsEvenTimes) {
  CameraTime time;
  EXPECT_EQ(time.place(10'000'000, 500'000), 10'000'000);
  EXPECT_EQ(time.place(10'080'000, 566'000), 10'066'000);  // arrived 14 ms late
  EXPECT_EQ(time.place(10'140'000, 633'000), 10'133'000);
}

TEST(CameraTime, IsNeverLaterThanTheArrival) {
  CameraTime time;
  time.place(10'300'000, 0);                             // the first came late
  EXPECT_EQ(time.place(10'310'000, 100'000), 10'310'000);  // the second shows it: the offset shrinks
  EXPECT_EQ(time.place(10'415'000, 200'000), 10'410'000);
}

TEST(CameraTime, StartsAnewWhenTheStreamsClockMoved) {
  CameraTime time;
  time.place(10'000'000, 0);
  EXPECT_EQ(time.place(12'000'000, 66'000), 12'000'000);  // two seconds of silence that the stream does not count
  EXPECT_EQ(time.place(12'067'000, 133'000), 12'067'000);
  EXPECT_EQ(time.place(12'133'000, -90'000'000), 12'133'000);
}

TEST(CameraTime, AlwaysGrows) {
  CameraTime time;
  const std::int64_t first = time.place(10'000'000, 1'000'000);
  const std::int64_t second = time.place(10'000'100, 1'000'000);
  const std::int64_t third = time.place(10'000'200, std::nullopt);
  EXPECT_GT(second, first);
  EXPECT_GT(third, second);
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

TEST(Waybill, ForgetsNothingAndGrowsNotForEver) {
  WaybillSightings seen;
  for (int n = 0; n < 200; ++n) seen.take({code("SF13900000" + std::to_string(10000 + n))}, n, "camera");
  EXPECT_EQ(seen.take({code("SF1390000010000")}, 900, "camera").size(), 2U);
  EXPECT_TRUE(seen.take({code("SF1390000010199")}, 901, "camera").empty());  // beyond the bound: never taken up
}

}  // namespace
}  // namespace netsampler::capture
