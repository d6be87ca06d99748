#include "capture/media/standing_picture.h"

#include <gtest/gtest.h>

#include <numeric>

#include "capture/media/frame_slots.h"

namespace netsampler::capture {
namespace {

Bytes plain(int width, int height, std::uint8_t blue, std::uint8_t green, std::uint8_t red) {
  Bytes pixels;
  for (int i = 0; i < width * height; ++i) pixels.insert(pixels.end(), {blue, green, red, 0});
  return pixels;
}

int count_changed(const StandingPicture& picture) {
  const auto map = picture.changed();
  return std::accumulate(map.begin(), map.end(), 0);
}

TEST(StandingPicture, OnlyBlocksThatReallyDifferCount) {
  StandingPicture picture(64, 48);
  EXPECT_EQ(count_changed(picture), 12);  // at first everything is new
  picture.clear_changed();
  const Bytes same = plain(64, 48, 0, 0, 0);
  picture.update({0, 0, 64, 48}, same.data(), 64 * 4);
  EXPECT_FALSE(picture.any_changed());
  Bytes one = same;
  one[(20 * 64 + 33) * 4] = 9;  // pixel (33, 20) lies in block (2, 1)
  picture.update({0, 0, 64, 48}, one.data(), 64 * 4);
  EXPECT_EQ(count_changed(picture), 1);
  EXPECT_EQ(picture.changed()[4 + 2], 1);
}

TEST(StandingPicture, ARectangleAcrossBlockEdgesTouchesItsBlocksOnly) {
  StandingPicture picture(64, 48);
  picture.clear_changed();
  const Bytes white = plain(6, 4, 255, 255, 255);
  picture.update({13, 30, 6, 4}, white.data(), 6 * 4);
  EXPECT_EQ(count_changed(picture), 4);
  EXPECT_EQ(picture.pixel(13, 30)[0], 255);
  EXPECT_EQ(picture.pixel(12, 30)[0], 0);
  EXPECT_EQ(picture.pixel(18, 33)[2], 255);
  EXPECT_EQ(picture.pixel(19, 33)[2], 0);
}

TEST(StandingPicture, OddScreensArePaddedToEven) {
  const StandingPicture picture(101, 51);
  EXPECT_EQ(picture.width(), 102);
  EXPECT_EQ(picture.height(), 52);
}

TEST(StandingPicture, AMovedPointerMarksWhereItWasAndIs) {
  StandingPicture picture(96, 96);
  picture.set_pointer({{2, 2, 4, 4}, Bytes(64, 255)});
  picture.clear_changed();
  picture.move_pointer(2, 2);
  EXPECT_FALSE(picture.any_changed());
  picture.move_pointer(70, 70);
  EXPECT_EQ(count_changed(picture), 2);
  picture.clear_changed();
  picture.move_pointer(-50, -50);  // off the screen
  EXPECT_EQ(count_changed(picture), 1);
}

TEST(FrameSlots, ASlotThatMissedAChangeCatchesUp) {
  StandingPicture picture(32, 32);
  FrameSlots slots(32, 32, 2);
  const auto a = slots.take();
  ASSERT_TRUE(a);
  slots.fill(*a, picture);
  picture.clear_changed();
  const Bytes white = plain(16, 16, 255, 255, 255);
  picture.update({16, 16, 16, 16}, white.data(), 64);
  const auto b = slots.take();
  ASSERT_TRUE(b);
  EXPECT_FALSE(slots.take());  // both are out: the drop point
  slots.fill(*b, picture);
  picture.clear_changed();
  slots.give_back(*a);
  const auto again = slots.take();
  ASSERT_EQ(again, a);
  slots.fill(*again, picture);  // nothing changed since, but slot a missed the white block
  EXPECT_EQ(slots.view(*a).planes[0][17 * 32 + 17], 235);
  EXPECT_EQ(slots.view(*a).planes[0][0], 16);
}

TEST(FrameSlots, ThePointerIsDrawnAndLeavesNoTrace) {
  StandingPicture picture(32, 32);
  FrameSlots slots(32, 32, 1);
  picture.set_pointer({{4, 4, 2, 2}, Bytes(16, 255)});
  const auto slot = slots.take();
  ASSERT_TRUE(slot);
  slots.fill(*slot, picture);
  EXPECT_EQ(slots.view(*slot).planes[0][4 * 32 + 4], 235);
  picture.clear_changed();
  picture.move_pointer(20, 20);
  slots.fill(*slot, picture);
  EXPECT_EQ(slots.view(*slot).planes[0][4 * 32 + 4], 16);
  EXPECT_EQ(slots.view(*slot).planes[0][20 * 32 + 20], 235);
}

}  // namespace
}  // namespace netsampler::capture
