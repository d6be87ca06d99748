#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "capture/media/encoder.h"
#include "tests/capture/h264_decoder.h"

namespace netsampler::capture {
namespace {

// A screen that changes by blocks, and what is told of it.
class Desk {
 public:
  Desk(int width, int height, unsigned seed)
      : width_(width), height_(height), across_(blocks_of(width)), luma_(size(1)), chroma_(size(2)), changed_(static_cast<std::size_t>(across_ * blocks_of(height)), 0), random_(seed) {
    for (std::size_t i = 0; i < luma_.size(); ++i) luma_[i] = static_cast<std::uint8_t>(40 + i % static_cast<std::size_t>(width) / 8 + i / static_cast<std::size_t>(width) / 4 % 3 * 40);
    for (std::size_t i = 0; i < chroma_.size(); ++i) chroma_[i] = static_cast<std::uint8_t>(100 + i / 64 % 50);
  }
  int blocks() const { return static_cast<int>(changed_.size()); }
  PictureView view() const { return {PixelLayout::nv12, {luma_.data(), chroma_.data(), nullptr}, {width_, width_, 0}}; }
  const Bytes& luma() const { return luma_; }
  Bytes chroma(std::size_t which) const {
    Bytes out;
    for (std::size_t i = which; i < chroma_.size(); i += 2) out.push_back(chroma_[i]);
    return out;
  }
  const Bytes& changed() const { return changed_; }
  void settle() { std::fill(changed_.begin(), changed_.end(), std::uint8_t{0}); }
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  // Noise of all strengths, from a flat grey to black and white.
  void touch(int block) {
    changed_[static_cast<std::size_t>(block)] = 1;
    const int strength = 1 << pick(9), ground = pick(256);
    fill(luma_, height_, block, kBlock, strength, ground);
    fill(chroma_, height_ / 2, block, kBlock / 2, strength, 255 - ground);
  }
  bool in_changed(std::size_t x, std::size_t y) const { return changed_[y / kBlock * static_cast<std::size_t>(across_) + x / kBlock] != 0; }

 private:
  std::size_t size(int divisor) const { return static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_ / divisor); }
  void fill(Bytes& plane, int rows, int block, int side, int strength, int ground) {
    for (int y = block / across_ * side; y < std::min(rows, (block / across_ + 1) * side); ++y)
      for (int x = block % across_ * kBlock; x < std::min(width_, (block % across_ + 1) * kBlock); ++x)
        plane[static_cast<std::size_t>(y * width_ + x)] = static_cast<std::uint8_t>(std::clamp(ground + (pick(2) * 2 - 1) * pick(strength + 1), 0, 255));
  }
  int width_, height_, across_;
  Bytes luma_, chroma_, changed_;
  std::mt19937 random_;
};

std::unique_ptr<Encoder> open_encoder(int width, int height, int qp) {
  EncoderSettings settings{width, height, qp};
  settings.block_info = true;
  auto encoder = Encoder::open(settings);
  return encoder.ok() ? encoder.take() : nullptr;
}

int most_apart(const Bytes& a, const Bytes& b) {
  int most = a.size() == b.size() ? 0 : 1000;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

// Whether a packet is a picture of ours, by its unit's head.
bool small(const Packet& packet) { return packet.bytes.size() > 4 && packet.bytes[4] == 0x21; }

struct Figures {
  int small = 0, pictures = 0;
};

// Random blocks change from picture to picture; every picture must be decoded soundly, and near what was put in.
void play(int width, int height, int qp, unsigned seed, int bound, Figures& figures) {
  const auto encoder = open_encoder(width, height, qp);
  ASSERT_TRUE(encoder);
  H264Decoder decoder(encoder->extradata());
  Desk desk(width, height, seed);
  for (int number = 0; number < 40; ++number) {
    const int touched = number % 13 == 12 ? desk.blocks() : desk.pick(12);
    for (int i = 0; i < touched; ++i) desk.touch(desk.pick(desk.blocks()));
    const auto packet = encoder->encode(desk.view(), number * 3000, number % 20 == 0, desk.changed());
    ASSERT_TRUE(packet.ok());
    desk.settle();
    const auto seen = decoder.decode(*packet);
    ASSERT_TRUE(seen) << width << "x" << height << " picture " << number;
    EXPECT_EQ(seen->width, width);
    EXPECT_LE(most_apart(seen->luma, desk.luma()), bound) << number << (small(*packet) ? " small" : " whole");
    EXPECT_LE(most_apart(seen->cb, desk.chroma(0)), bound) << number;
    EXPECT_LE(most_apart(seen->cr, desk.chroma(1)), bound) << number;
    figures.small += small(*packet) ? 1 : 0;
    ++figures.pictures;
  }
}

TEST(SmallPictures, AreDecodedToWhatWasPutIn) {
  unsigned seed = 1;
  for (const auto& [width, height] : {std::pair{320, 240}, {1366, 768}, {64, 48}, {16, 16}, {178, 146}, {1360, 90}}) {
    Figures figures;
    play(width, height, 20, seed++, 24, figures);
    EXPECT_GT(figures.small, figures.pictures / 2) << width;
    EXPECT_LT(figures.small, figures.pictures) << width;
  }
}

}  // namespace
}  // namespace netsampler::capture
