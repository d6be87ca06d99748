#include "evidence/vision/image.h"

#include <algorithm>

namespace netsampler {
namespace {
constexpr int kSideLimit = 16384;  // pixels: no screen or camera is larger, and no product of two sides overflows
}  // namespace

bool is_sound(const ImageView& image) {
  return image.data != nullptr && image.width >= 1 && image.width <= kSideLimit && image.height >= 1 &&
         image.height <= kSideLimit && image.stride_bytes >= image.width * bytes_per_pixel(image.form);
}

Rect clipped(const Rect& wanted, const ImageView& image) {
  const std::int64_t left = std::clamp<std::int64_t>(wanted.x, 0, image.width);
  const std::int64_t top = std::clamp<std::int64_t>(wanted.y, 0, image.height);
  const std::int64_t right = std::clamp<std::int64_t>(std::int64_t{wanted.x} + wanted.width, left, image.width);
  const std::int64_t bottom = std::clamp<std::int64_t>(std::int64_t{wanted.y} + wanted.height, top, image.height);
  if (right == left || bottom == top) return {};
  return {static_cast<int>(left), static_cast<int>(top), static_cast<int>(right - left), static_cast<int>(bottom - top)};
}

}  // namespace netsampler
