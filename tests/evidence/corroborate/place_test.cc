#include "evidence/corroborate/place.h"

#include <gtest/gtest.h>

#include "evidence/corroborate/crop.h"

namespace netsampler::corroborate {
namespace {

// Blots as text has them, from a small generator: no two places alike.
GrayPicture page(int width, int height, std::uint32_t seed) {
  GrayPicture picture{width, height, Bytes(static_cast<std::size_t>(width * height), 250)};
  for (int y = 10; y + 20 < height; y += 26)
    for (int x = 10; x + 12 < width; x += 12)
      for (int dot = 0; dot < 40; ++dot) {
        seed = seed * 1664525 + 1013904223;
        const auto at = static_cast<std::size_t>((y + static_cast<int>(seed >> 24) % 16) * width + x + static_cast<int>(seed >> 16 & 255) % 10);
        picture.pixels[at] = 30;
      }
  return picture;
}

GrayPicture frame_with(const GrayPicture& page_picture, int x, int y, int noise) {
  GrayPicture frame{400, 300, Bytes(400 * 300, 120)};
  for (int row = 0; row < page_picture.height; ++row)
    for (int column = 0; column < page_picture.width; ++column)
      if (row + y < 300 && column + x < 400)
        frame.pixels[static_cast<std::size_t>((row + y) * 400 + column + x)] =
            static_cast<std::uint8_t>(page_picture.pixels[static_cast<std::size_t>(row * page_picture.width + column)] - (row * 7 + column * 3) % (noise + 1));
  return frame;
}

void paint(GrayPicture& picture, const Rect& rect) {
  for (int y = rect.y; y < rect.y + rect.height; ++y)
    for (int x = rect.x; x < rect.x + rect.width; ++x) picture.pixels[static_cast<std::size_t>(y * picture.width + x)] = 128;
}

TEST(Place, TheWindowIsFoundWhereItStands) {
  const GrayPicture shot = page(300, 200, 1);
  const auto place = place_of(frame_with(shot, 40, 60, 5), shot, std::nullopt);
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->x, 40);
  EXPECT_EQ(place->y, 60);
}

TEST(Place, AnotherPageIsNotFound) { EXPECT_FALSE(place_of(frame_with(page(300, 200, 2), 40, 60, 5), page(300, 200, 1), std::nullopt).has_value()); }

TEST(Place, AWrongHintDoesNotMatter) {
  const GrayPicture shot = page(300, 200, 1);
  const auto place = place_of(frame_with(shot, 40, 60, 5), shot, Place{0, 0});
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->y, 60);
}

TEST(Place, AWindowThatReachesBeyondTheScreenIsFound) {
  const GrayPicture shot = page(600, 500, 3);
  const auto place = place_of(frame_with(shot, 30, 50, 5), shot, std::nullopt);
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->x, 30);
}

TEST(Place, WhatIsCoveredIsNotAlike) {
  const GrayPicture shot = page(300, 200, 1);
  GrayPicture frame = frame_with(shot, 40, 60, 5);
  paint(frame, {40, 60 + 100, 300, 60});
  const auto place = place_of(frame, shot, std::nullopt);
  ASSERT_TRUE(place.has_value());
  EXPECT_GT(likeness(frame, shot, *place, {20, 20, 200, 40}).share(), 0.9);
  EXPECT_LT(likeness(frame, shot, *place, {20, 105, 200, 40}).share(), 0.1);
  paint(frame, {0, 0, 400, 300});
  EXPECT_FALSE(place_of(frame, shot, std::nullopt).has_value());
}

TEST(Crop, LightOnDarkIsTurnedAround) {
  GrayPicture banner{60, 20, Bytes(1200, 40)};
  for (int x = 20; x < 30; ++x) banner.pixels[static_cast<std::size_t>(10 * 60 + x)] = 240;
  const GrayPicture line = line_for_reading(banner, {0, 0, 60, 20}, {});
  EXPECT_EQ(line.width, 60 * 2 + 24);
  EXPECT_EQ(line.height, 20 * 2 + 24);
  EXPECT_GT(line.pixels[static_cast<std::size_t>(14 * line.width + 14)], 200);
}

TEST(Png, HostileOnesAreRefused) {
  EXPECT_FALSE(read_png({}).ok());
  const Bytes huge = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0x7f, 0, 0, 0, 0, 0, 0, 9, 8, 2, 0, 0, 0};
  EXPECT_EQ(read_png(huge).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace netsampler::corroborate
