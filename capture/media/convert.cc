#include <libyuv/convert_from_argb.h>

#include <algorithm>
#include <cstring>

#include "capture/media/frame_slots.h"

namespace netsampler::capture {
namespace {

// Premultiplied source over opaque destination, one channel.
std::uint8_t over(std::uint8_t source, std::uint8_t alpha, std::uint8_t below) {
  return static_cast<std::uint8_t>(std::min(255, source + below * (255 - alpha) / 255));
}

void draw_pointer(const Pointer& pointer, const Rect& area, std::uint8_t* pixels) {
  const Rect part = intersection(pointer.at, area);
  for (int y = part.y; y < part.y + part.height; ++y) {
    for (int x = part.x; x < part.x + part.width; ++x) {
      const std::uint8_t* from =
          pointer.pixels.data() + static_cast<std::size_t>((y - pointer.at.y) * pointer.at.width + (x - pointer.at.x)) * 4;
      std::uint8_t* to = pixels + static_cast<std::size_t>((y - area.y) * area.width + (x - area.x)) * 4;
      for (int c = 0; c < 3; ++c) to[c] = over(from[c], from[3], to[c]);
    }
  }
}

struct Target {
  std::uint8_t* luma;
  std::uint8_t* chroma;
  int stride;
};

void convert_area(const std::uint8_t* pixels, std::size_t stride, const Rect& area, const Target& to) {
  std::uint8_t* luma = to.luma + static_cast<std::ptrdiff_t>(area.y) * to.stride + area.x;
  std::uint8_t* chroma = to.chroma + static_cast<std::ptrdiff_t>(area.y / 2) * to.stride + area.x;
  libyuv::ARGBToNV12(pixels, static_cast<int>(stride), luma, to.stride, chroma, to.stride, area.width, area.height);
}

void convert_run(const StandingPicture& picture, const Rect& area, const Target& to) {
  const Rect under = intersection(picture.pointer().at, area);
  if (under.width == 0 || under.height == 0)
    return convert_area(picture.pixel(area.x, area.y), picture.stride(), area, to);
  const std::size_t length = static_cast<std::size_t>(area.width) * 4;
  Bytes copy(length * static_cast<std::size_t>(area.height));
  for (int y = 0; y < area.height; ++y)
    std::memcpy(copy.data() + static_cast<std::size_t>(y) * length, picture.pixel(area.x, area.y + y), length);
  draw_pointer(picture.pointer(), area, copy.data());
  convert_area(copy.data(), length, area, to);
}

}  // namespace

void convert_blocks(const StandingPicture& picture, std::span<const std::uint8_t> map, std::uint8_t* luma,
                    std::uint8_t* chroma, int stride_bytes) {
  const Target to{luma, chroma, stride_bytes};
  const Rect whole{0, 0, picture.width(), picture.height()};
  for (int by = 0; by < picture.blocks_down(); ++by) {
    const auto row = map.subspan(static_cast<std::size_t>(by * picture.blocks_across()),
                                 static_cast<std::size_t>(picture.blocks_across()));
    for (std::size_t bx = 0; bx < row.size(); ++bx) {
      if (row[bx] == 0) continue;
      std::size_t end = bx;
      while (end < row.size() && row[end] != 0) ++end;
      const Rect run{static_cast<int>(bx) * kBlock, by * kBlock, static_cast<int>(end - bx) * kBlock, kBlock};
      convert_run(picture, intersection(run, whole), to);
      bx = end;
    }
  }
}

}  // namespace netsampler::capture
