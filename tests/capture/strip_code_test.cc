// What the strip says to programs, read back from decoded H.264 by ordinary decoders: ZXing (evidence/vision) and zbarimg.
#include <gtest/gtest.h>

#include "evidence/vision/codes.h"
#include "evidence/vision/frames.h"
#include "tests/capture/recording.h"
#include "tests/capture/strip_film.h"

namespace netsampler::capture {
namespace {

std::string beacon_of(int number) { return hex_of(sha256(as_bytes("token " + std::to_string(number)))); }

StripText text_with(const std::string& beacon, std::int64_t second) {
  return strip_text(second * 1'000'000 + 4'000, hex_of(sha256(as_bytes("line"))), beacon);
}

std::vector<Frame> decoded(Film& film) {
  std::vector<Frame> frames;
  auto reader = FrameReader::open_bytes(film.init_and_segment(), PixelForm::gray);
  EXPECT_TRUE(reader.ok());
  if (!reader.ok()) return frames;
  for (;;) {
    auto frame = reader->next();
    EXPECT_TRUE(frame.ok());
    if (!frame.ok() || !*frame) return frames;
    frames.push_back(std::move(**frame));
  }
}

std::vector<std::string> texts_in(const Frame& frame) {
  std::vector<std::string> texts;
  for (const auto& code : read_codes(frame.view()).value_or({})) texts.push_back(code.text);
  return texts;
}

// The whole picture, as another decoder's program sees it.
std::string zbar_of(const Frame& frame, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  out << "P5\n" << frame.width << " " << frame.height << "\n255\n" << as_text(frame.pixels);
  out.close();
  return run_and_read({"zbarimg", "--quiet", "--raw", path}, 20'000, 1u << 20, ErrorOutput::dropped).value_or("nothing");
}

TEST(BeaconCode, IsReadFromEveryDecodedFrame) {
  Film film;
  constexpr int kCount = 24;
  for (int i = 0; i < kCount; ++i) film.add(text_with(beacon_of(i / 2), 1'795'354'624 + i), i * 9'000, i == 0);
  const auto frames = decoded(film);
  ASSERT_EQ(frames.size(), static_cast<std::size_t>(kCount));
  const TempDirectory directory;
  for (int i = 0; i < kCount; ++i) {
    const std::string expected = print_beacon(sha256(as_bytes("token " + std::to_string(i / 2))));
    EXPECT_EQ(texts_in(frames[static_cast<std::size_t>(i)]), std::vector<std::string>{expected}) << i;
    if (i % 6 == 0) {
      EXPECT_EQ(zbar_of(frames[static_cast<std::size_t>(i)], directory / "frame.pgm"), expected + "\n");
    }
  }
}

TEST(BeaconCode, IsNotThereBeforeTheFirstTimeStamp) {
  Film film;
  film.add(text_with("", 1'795'354'624), 0, true);
  for (const Frame& frame : decoded(film)) EXPECT_EQ(texts_in(frame), std::vector<std::string>());
}

TEST(BeaconCode, OfSomethingElseThanAHashIsRefused) {
  EXPECT_TRUE(beacon_modules(beacon_of(1)).ok());
  EXPECT_FALSE(beacon_modules("not a hash").ok());
  EXPECT_NE(*beacon_modules(beacon_of(1)), *beacon_modules(beacon_of(2)));
}

TEST(BoxState, TheBeaconFollowsTheLogAndGoesWithIt) {
  BoxState state;
  take_beacon({{"size", 3}, {"beacon", beacon_of(1)}}, state);
  const BeaconModules first = state.beacon_modules;
  EXPECT_FALSE(first.empty());
  take_beacon({{"size", 4}, {"beacon", beacon_of(2)}}, state);
  EXPECT_NE(state.beacon_modules, first);
  take_beacon({{"size", 4}}, state);
  EXPECT_TRUE(state.beacon_modules.empty());
}

}  // namespace
}  // namespace netsampler::capture
