// A picture file (JPEG, PNG, WebP, BMP) as pixels (libav). What it opens may be hostile: the bytes are bounded, the sides are judged
// before memory is taken for them. How a camera was held (EXIF) is not applied: readers of text try all four directions.
#pragma once
#include "evidence/base/bytes.h"
#include "evidence/base/result.h"
#include "evidence/vision/image.h"

namespace netsampler {

inline constexpr std::size_t kStillBytesLimit = 64u << 20;
inline constexpr std::int64_t kStillPixelsLimit = 50'000'000;

// Rows without padding.
struct Picture {
  int width = 0, height = 0;
  PixelForm form = PixelForm::bgr;
  Bytes pixels;
  ImageView view() const { return {pixels.data(), width, height, width * bytes_per_pixel(form), form}; }
};

// `invalid`: none of the four formats, damaged, or beyond the limits.
Result<Picture> decode_still(ByteView file);

}  // namespace netsampler
