#include "capture/media/encoder.h"

#include <gtest/gtest.h>

namespace netsampler::capture {
namespace {

struct Canvas {
  Bytes luma = Bytes(320 * 240, 60), chroma = Bytes(320 * 120, 128);
  PictureView view() const { return {PixelLayout::nv12, {luma.data(), chroma.data(), nullptr}, {320, 320, 0}}; }
  void noise(int from_row, int to_row) {
    std::uint32_t state = 7;
    for (int i = from_row * 320; i < to_row * 320; ++i) {
      state = state * 1'664'525U + 1'013'904'223U;
      luma[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(state >> 24);
    }
  }
};

std::unique_ptr<Encoder> open_encoder() {
  EncoderSettings settings{320, 240};
  settings.block_info = true;
  auto encoder = Encoder::open(settings);
  return encoder.ok() ? encoder.take() : nullptr;
}

TEST(Encoder, OnePictureInOnePacketOut) {
  const auto encoder = open_encoder();
  ASSERT_TRUE(encoder);
  ASSERT_GT(encoder->extradata().size(), 12U);
  EXPECT_EQ(encoder->extradata()[0], 1);
  Canvas canvas;
  const auto first = encoder->encode(canvas.view(), 0, true, {});
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(first->key);
  const auto second = encoder->encode(canvas.view(), 90'000, false, {});
  ASSERT_TRUE(second.ok());
  EXPECT_FALSE(second->key);
  EXPECT_EQ(second->pts, 90'000);
}

// The block map is believed: a block called constant costs nothing though its pixels differ; called changed, they are coded.
TEST(Encoder, ConstantBlocksAreSkippedAndChangedOnesCoded) {
  for (const bool told : {false, true}) {
    const auto encoder = open_encoder();
    ASSERT_TRUE(encoder);
    Canvas canvas;
    ASSERT_TRUE(encoder->encode(canvas.view(), 0, true, {}).ok());
    canvas.noise(0, 64);
    const Bytes changed(static_cast<std::size_t>(blocks_of(320) * blocks_of(240)), told ? 1 : 0);
    const auto packet = encoder->encode(canvas.view(), 3000, false, changed);
    ASSERT_TRUE(packet.ok());
    if (told)
      EXPECT_GT(packet->bytes.size(), 3000U);
    else
      EXPECT_LT(packet->bytes.size(), 300U);
  }
}

TEST(Encoder, RefusesOddAndTinyPicturesAndForeignMaps) {
  EXPECT_FALSE(Encoder::open({321, 240}).ok());
  EXPECT_FALSE(Encoder::open({8, 8}).ok());
  const auto encoder = open_encoder();
  ASSERT_TRUE(encoder);
  const Bytes wrong(3, 0);
  EXPECT_FALSE(encoder->encode(Canvas().view(), 0, true, wrong).ok());
}

}  // namespace
}  // namespace netsampler::capture
