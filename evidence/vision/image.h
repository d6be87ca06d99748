// A picture in memory that somebody else owns, and a rectangle in it. Pixels from the top left; rows `stride_bytes` apart.
#pragma once
#include <cstddef>
#include <cstdint>

namespace netsampler {

enum class PixelForm { gray, bgr };  // 1 byte a pixel (luma); 3 bytes a pixel, blue first

// Valid as long as the bytes it points at: (height − 1) · stride_bytes + width · bytes_per_pixel of them.
struct ImageView {
  const std::uint8_t* data = nullptr;
  int width = 0, height = 0;  // pixels
  int stride_bytes = 0;
  PixelForm form = PixelForm::gray;
};

struct Rect {
  int x = 0, y = 0, width = 0, height = 0;  // pixels
};

inline int bytes_per_pixel(PixelForm form) { return form == PixelForm::gray ? 1 : 3; }
// Data is there, both sides within 1…16384, rows do not overlap.
bool is_sound(const ImageView& image);
// The part of `wanted` that lies in the picture; empty (width 0) where none does.
Rect clipped(const Rect& wanted, const ImageView& image);

}  // namespace netsampler
