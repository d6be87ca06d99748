#include "evidence/vision/image.h"

#include <gtest/gtest.h>

namespace netsampler {
namespace {

const std::uint8_t kPixels[64] = {};

TEST(Image, SoundOnlyWithDataSidesAndRows) {
  EXPECT_TRUE(is_sound({kPixels, 8, 8, 8, PixelForm::gray}));
  EXPECT_FALSE(is_sound({nullptr, 8, 8, 8, PixelForm::gray}));
  EXPECT_FALSE(is_sound({kPixels, 0, 8, 8, PixelForm::gray}));
  EXPECT_FALSE(is_sound({kPixels, 8, -1, 8, PixelForm::gray}));
  EXPECT_FALSE(is_sound({kPixels, 8, 8, 7, PixelForm::gray}));
  EXPECT_FALSE(is_sound({kPixels, 8, 8, 8, PixelForm::bgr}));
  EXPECT_FALSE(is_sound({kPixels, 16385, 1, 16385, PixelForm::gray}));
}

TEST(Image, ClipsToThePicture) {
  const ImageView image{kPixels, 8, 8, 8, PixelForm::gray};
  const Rect inside = clipped({-2, 6, 5, 100}, image);
  EXPECT_EQ(inside.x, 0);
  EXPECT_EQ(inside.y, 6);
  EXPECT_EQ(inside.width, 3);
  EXPECT_EQ(inside.height, 2);
}

TEST(Image, OutsideIsEmpty) {
  const ImageView image{kPixels, 8, 8, 8, PixelForm::gray};
  EXPECT_EQ(clipped({8, 0, 4, 4}, image).width, 0);
  EXPECT_EQ(clipped({0, 0, -4, 4}, image).width, 0);
  EXPECT_EQ(clipped({-2147483647, 0, 2147483647, 4}, image).width, 0);
}

}  // namespace
}  // namespace netsampler
