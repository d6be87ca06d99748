#include "evidence/vision/frames.h"

#include <fstream>

#include "tests/evidence/vision/make_with.h"

namespace netsampler {
namespace {

// Two seconds, ten pictures a second, 320×240: red, then from 1 s on blue; fragments of a second, key frames at their starts.
void make_film(const std::string& path) {
  make_with({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=red:size=320x240:rate=10:duration=1", "-f", "lavfi", "-i",
               "color=blue:size=320x240:rate=10:duration=1", "-filter_complex", "[0][1]concat=n=2", "-c:v", "libx264", "-g", "10",
               "-bf", "0", "-pix_fmt", "yuv420p", "-video_track_timescale", "90000", "-movflags",
               "frag_keyframe+empty_moov+default_base_moof", path});
}

Bytes bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

// Offsets of the boxes of a kind in the top level of an MP4.
std::vector<std::size_t> boxes(const Bytes& bytes, std::string_view kind) {
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at + 8 <= bytes.size();) {
    const std::size_t size = std::size_t{bytes[at]} << 24 | std::size_t{bytes[at + 1]} << 16 | std::size_t{bytes[at + 2]} << 8 | bytes[at + 3];
    if (as_text(ByteView(bytes).subspan(at + 4, 4)) == kind) found.push_back(at);
    if (size < 8) break;
    at += size;
  }
  return found;
}

bool is_blue(const Frame& frame) { return frame.pixels[0] > 180 && frame.pixels[2] < 80; }
bool is_red(const Frame& frame) { return frame.pixels[0] < 80 && frame.pixels[2] > 180; }

TEST(Frames, GivesEveryPictureWithItsTime) {
  const TempDirectory scratch;
  make_film(scratch / "film.mp4");
  auto reader = FrameReader::open_file(scratch / "film.mp4");
  ASSERT_TRUE(reader.ok()) << reader.error().text;
  EXPECT_EQ(reader->width(), 320);
  EXPECT_EQ(reader->height(), 240);
  for (int n = 0; n < 20; ++n) {
    auto frame = reader->next();
    ASSERT_TRUE(frame.ok()) << frame.error().text;
    ASSERT_TRUE(frame->has_value()) << n;
    EXPECT_EQ((*frame)->pts, n * 9000);
    EXPECT_EQ((*frame)->key, n % 10 == 0);
    EXPECT_EQ((*frame)->pixels.size(), 320U * 240U * 3U);
    EXPECT_EQ(n < 10 ? is_red(**frame) : is_blue(**frame), true) << n;
  }
  const auto end = reader->next();
  ASSERT_TRUE(end.ok());
  EXPECT_FALSE(end->has_value());
}

TEST(Frames, ReadsOneFragmentBehindItsHeader) {
  const TempDirectory scratch;
  make_film(scratch / "film.mp4");
  const Bytes whole = bytes_of(scratch / "film.mp4");
  const auto fragments = boxes(whole, "moof");
  ASSERT_EQ(fragments.size(), 2U);
  Bytes second(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(fragments[0]));
  append(second, ByteView(whole).subspan(fragments[1]));
  auto reader = FrameReader::open_bytes(second, PixelForm::gray);
  ASSERT_TRUE(reader.ok()) << reader.error().text;
  auto frame = reader->next();
  ASSERT_TRUE(frame.ok() && frame->has_value());
  EXPECT_EQ((*frame)->pts, 90000);
  EXPECT_EQ((*frame)->form, PixelForm::gray);
  EXPECT_EQ((*frame)->pixels.size(), 320U * 240U);
}

TEST(Frames, FindsThePictureThatStoodAtATime) {
  const TempDirectory scratch;
  make_film(scratch / "film.mp4");
  auto reader = FrameReader::open_file(scratch / "film.mp4");
  ASSERT_TRUE(reader.ok());
  const auto between = reader->at(89999);
  ASSERT_TRUE(between.ok());
  EXPECT_EQ(between->pts, 81000);
  EXPECT_TRUE(is_red(*between));
  const auto on_it = reader->at(90000);
  ASSERT_TRUE(on_it.ok());
  EXPECT_EQ(on_it->pts, 90000);
  EXPECT_TRUE(is_blue(*on_it));
}

TEST(Frames, RefusesWhatIsNoMp4) {
  const auto garbage = FrameReader::open_bytes(Bytes(5000, 0x5a));
  ASSERT_FALSE(garbage.ok());
  EXPECT_EQ(garbage.error().kind, ErrorKind::invalid);
  EXPECT_FALSE(FrameReader::open_bytes({}).ok());
  const auto absent = FrameReader::open_file("/nonexistent/netsampler.mp4");
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().kind, ErrorKind::not_found);
}

TEST(Frames, RefusesAPlaylistThatNamesOtherFiles) {
  const TempDirectory scratch;
  make_film(scratch / "film.mp4");
  std::ofstream(scratch / "list.m3u8") << "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfilm.mp4\n#EXT-X-ENDLIST\n";
  EXPECT_FALSE(FrameReader::open_file(scratch / "list.m3u8").ok());
}

TEST(Frames, AFilmCutInItsPicturesGivesWhatIsWholeAndThenEnds) {
  const TempDirectory scratch;
  make_film(scratch / "film.mp4");
  Bytes whole = bytes_of(scratch / "film.mp4");
  whole.resize(boxes(whole, "mdat").at(1) + 12);  // inside the second second's pictures
  auto reader = FrameReader::open_bytes(whole);
  ASSERT_TRUE(reader.ok()) << reader.error().text;
  int pictures = 0;
  for (int turn = 0; turn < 100; ++turn) {
    const auto frame = reader->next();
    if (!frame.ok() || !frame->has_value()) break;
    ++pictures;
  }
  EXPECT_EQ(pictures, 10);
}

TEST(Frames, AFilmCutInAHeaderIsRefused) {
  const TempDirectory scratch;
  make_film(scratch / "film.mp4");
  Bytes whole = bytes_of(scratch / "film.mp4");
  whole.resize(boxes(whole, "moof").at(1) + 40);
  const auto reader = FrameReader::open_bytes(whole);
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace netsampler
