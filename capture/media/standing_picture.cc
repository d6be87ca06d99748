#include "capture/media/standing_picture.h"

#include <algorithm>
#include <cstring>

#include "capture/media/encoder.h"

namespace netsampler::capture {

Rect intersection(const Rect& a, const Rect& b) {
  const int left = std::max(a.x, b.x), top = std::max(a.y, b.y);
  const int right = std::min(a.x + a.width, b.x + b.width), bottom = std::min(a.y + a.height, b.y + b.height);
  return {left, top, std::max(0, right - left), std::max(0, bottom - top)};
}

StandingPicture::StandingPicture(int screen_width, int screen_height)
    : width_((screen_width + 1) / 2 * 2),
      height_((screen_height + 1) / 2 * 2),
      across_(blocks_of(width_)),
      down_(blocks_of(height_)),
      pixels_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * 4, 0),
      changed_(static_cast<std::size_t>(across_) * static_cast<std::size_t>(down_), 1),
      any_changed_(true) {}

void StandingPicture::update(const Rect& rect, const std::uint8_t* pixels, std::size_t stride_bytes) {
  for (int by = rect.y / kBlock; by * kBlock < rect.y + rect.height; ++by) {
    for (int bx = rect.x / kBlock; bx * kBlock < rect.x + rect.width; ++bx) {
      const Rect part = intersection(rect, {bx * kBlock, by * kBlock, kBlock, kBlock});
      const std::uint8_t* from = pixels + static_cast<std::size_t>(part.y - rect.y) * stride_bytes +
                                 static_cast<std::size_t>(part.x - rect.x) * 4;
      if (!update_block(part, from, stride_bytes)) continue;
      changed_[static_cast<std::size_t>(by * across_ + bx)] = 1;
      any_changed_ = true;
      ++changes_;
    }
  }
}

namespace {

struct Rows {
  std::uint8_t* to;
  const std::uint8_t* from;
  std::size_t to_stride, from_stride;
  int count;
};

// Makes `to` like `from`; true where it was not. `length` is a constant for whole blocks: then nothing is called for 64 bytes.
inline bool renew(const Rows& rows, std::size_t length) {
  int y = 0;
  while (y < rows.count && std::memcmp(rows.to + static_cast<std::size_t>(y) * rows.to_stride, rows.from + static_cast<std::size_t>(y) * rows.from_stride, length) == 0) ++y;
  const bool differs = y < rows.count;
  for (; y < rows.count; ++y) std::memcpy(rows.to + static_cast<std::size_t>(y) * rows.to_stride, rows.from + static_cast<std::size_t>(y) * rows.from_stride, length);
  return differs;
}

}  // namespace

bool StandingPicture::update_block(const Rect& part, const std::uint8_t* pixels, std::size_t stride_bytes) {
  std::uint8_t* to = pixels_.data() + static_cast<std::size_t>(part.y) * stride() + static_cast<std::size_t>(part.x) * 4;
  const Rows rows{to, pixels, stride(), stride_bytes, part.height};
  return part.width == kBlock ? renew(rows, kBlock * 4) : renew(rows, static_cast<std::size_t>(part.width) * 4);
}

void StandingPicture::set_pointer(Pointer pointer) {
  mark(pointer_.at);
  pointer_ = std::move(pointer);
  mark(pointer_.at);
}

void StandingPicture::move_pointer(int x, int y) {
  if (pointer_.at.x == x && pointer_.at.y == y) return;
  mark(pointer_.at);
  pointer_.at.x = x;
  pointer_.at.y = y;
  mark(pointer_.at);
}

void StandingPicture::mark(const Rect& rect) {
  const Rect seen = intersection(rect, {0, 0, width_, height_});
  if (seen.width == 0 || seen.height == 0) return;
  for (int by = seen.y / kBlock; by <= (seen.y + seen.height - 1) / kBlock; ++by)
    for (int bx = seen.x / kBlock; bx <= (seen.x + seen.width - 1) / kBlock; ++bx)
      changed_[static_cast<std::size_t>(by * across_ + bx)] = 1;
  any_changed_ = true;
  ++changes_;
}

void StandingPicture::clear_changed() {
  std::fill(changed_.begin(), changed_.end(), std::uint8_t{0});
  any_changed_ = false;
}

}  // namespace netsampler::capture
