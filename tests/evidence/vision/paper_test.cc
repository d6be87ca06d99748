// Paper in pictures: found, laid flat, cleaned, laid level; and pictures from files, as far as they may be believed.
#include <gtest/gtest.h>

#include <cstdlib>

#include "evidence/vision/clean.h"
#include "evidence/vision/sheet.h"
#include "evidence/vision/still.h"

namespace netsampler {
namespace {

Picture plain(int width, int height, std::uint8_t level) {
  return {width, height, PixelForm::bgr, Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, level)};
}

void fill(Picture& picture, const Rect& rect, std::uint8_t blue, std::uint8_t green, std::uint8_t red) {
  for (int y = rect.y; y < rect.y + rect.height; ++y)
    for (int x = rect.x; x < rect.x + rect.width; ++x) {
      std::uint8_t* pixel = picture.pixels.data() + (static_cast<std::ptrdiff_t>(y) * picture.width + x) * 3;
      pixel[0] = blue;
      pixel[1] = green;
      pixel[2] = red;
    }
}

int gray_at(const Picture& gray, int x, int y) { return gray.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(gray.width) + static_cast<std::size_t>(x)]; }

TEST(Sheet, IsFoundOnATableAndLaidFlat) {
  Picture table = plain(800, 600, 60);
  fill(table, {120, 90, 560, 400}, 240, 240, 240);
  const auto corners = find_sheet(table.view());
  ASSERT_TRUE(corners.ok()) << corners.error().text;
  ASSERT_TRUE(corners->has_value());
  EXPECT_NEAR((**corners)[0].x, 120, 10);
  EXPECT_NEAR((**corners)[2].y, 490, 10);
  const auto flat = flattened(table.view(), **corners, 1000);
  ASSERT_TRUE(flat.ok());
  EXPECT_EQ(flat->width, 1000);
  EXPECT_NEAR(flat->height, 1000 * 400 / 560, 12);
}

TEST(Sheet, NoneOnABareTableNorInWhatIsNoPicture) {
  const Picture table = plain(800, 600, 60);
  const auto corners = find_sheet(table.view());
  ASSERT_TRUE(corners.ok());
  EXPECT_FALSE(corners->has_value());
  EXPECT_EQ(find_sheet({}).error().kind, ErrorKind::invalid);
}

TEST(Clean, ASealBecomesPaperAndBrownInkStays) {
  Picture sheet = plain(400, 300, 245);
  fill(sheet, {50, 40, 8, 200}, 20, 20, 20);
  fill(sheet, {130, 40, 8, 200}, 50, 40, 220);
  fill(sheet, {210, 40, 8, 200}, 60, 90, 120);
  const auto clean = cleaned(sheet.view(), Cleaning::no_red);
  ASSERT_TRUE(clean.ok()) << clean.error().text;
  EXPECT_LT(gray_at(*clean, 54, 140), 60);
  EXPECT_GT(gray_at(*clean, 134, 140), 190);
  EXPECT_LT(gray_at(*clean, 214, 140), 140);
  const auto even = cleaned(sheet.view(), Cleaning::even);
  ASSERT_TRUE(even.ok());
  EXPECT_LT(gray_at(*even, 134, 140), 140);  // with the seal left in
}

TEST(Clean, LinesThatLieAskewAreMeasured) {
  Picture sheet = plain(900, 700, 250);
  for (int y = 120; y < 600; y += 40) fill(sheet, {150, y, 600, 14}, 20, 20, 20);
  const auto gray = cleaned(sheet.view(), Cleaning::even);
  ASSERT_TRUE(gray.ok());
  EXPECT_NEAR(*skew_degrees(gray->view()), 0, 0.3);
  const auto askew = rotated(gray->view(), -4);
  ASSERT_TRUE(askew.ok());
  EXPECT_NEAR(*skew_degrees(askew->view()), 4, 0.5);
  EXPECT_FALSE(skew_degrees(sheet.view()).ok());  // colours
}

TEST(Clean, TurnsAndMagnifies) {
  Picture sheet = plain(30, 20, 255);
  fill(sheet, {0, 0, 1, 1}, 0, 0, 0);
  const auto right = turned(sheet.view(), 1);
  ASSERT_TRUE(right.ok());
  EXPECT_EQ(right->width, 20);
  EXPECT_EQ(right->pixels[19 * 3], 0);
  const auto large = magnified(sheet.view(), {0, 0, 10, 10}, 3, 5);
  ASSERT_TRUE(large.ok());
  EXPECT_EQ(large->width, 40);
  EXPECT_FALSE(magnified(sheet.view(), {40, 0, 10, 10}, 3, 5).ok());
}

TEST(Still, WhatIsNoPictureOrTooLargeIsRefused) {
  const std::string bmp = std::string("BM\x3e\0\0\0\0\0\0\0", 10) + std::string("\x36\0\0\0\x28\0\0\0\x02\0\0\0\x01\0\0\0\x01\0\x18\0", 20) +
                          std::string(24, '\0') + std::string("\x01\x02\x03\x04\x05\x06\0\0", 8);
  const auto picture = decode_still(as_bytes(bmp));
  ASSERT_TRUE(picture.ok()) << picture.error().text;
  EXPECT_EQ(picture->width, 2);
  EXPECT_EQ((Bytes{1, 2, 3, 4, 5, 6}), picture->pixels);
  EXPECT_EQ(decode_still(as_bytes("GIF89a")).error().kind, ErrorKind::invalid);
  EXPECT_EQ(decode_still(as_bytes(bmp.substr(0, 30))).error().kind, ErrorKind::invalid);
  std::string bomb = bmp;
  bomb[19] = bomb[20] = bomb[23] = bomb[24] = '\x7f';
  EXPECT_EQ(decode_still(as_bytes(bomb)).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace netsampler
