// The screen as last seen, and which 16×16 blocks differ from what was seen before. It is its own shadow: new pixels are
// compared block by block with what stands there, because damage reports more than what changed. Pixels are BGRX, 4 bytes.
// One thread. The pointer's picture lies beside it and is drawn only into what is converted for the encoder.
#pragma once
#include <cstdint>
#include <span>

#include "evidence/base/bytes.h"

namespace netsampler::capture {

struct Rect {
  int x = 0, y = 0, width = 0, height = 0;  // pixels
  friend bool operator==(const Rect&, const Rect&) = default;
};
Rect intersection(const Rect& a, const Rect& b);  // width or height 0 where they do not meet

// The mouse pointer: premultiplied BGRA.
struct Pointer {
  Rect at;  // where its picture lies on the screen; width 0 = none
  Bytes pixels;
};

class StandingPicture {
 public:
  // The screen's size; sides are padded to even with black.
  StandingPicture(int screen_width, int screen_height);

  int width() const { return width_; }  // padded
  int height() const { return height_; }
  int blocks_across() const { return across_; }
  int blocks_down() const { return down_; }
  const std::uint8_t* row(int y) const { return pixels_.data() + static_cast<std::size_t>(y) * stride(); }
  std::size_t stride() const { return static_cast<std::size_t>(width_) * 4; }
  const std::uint8_t* pixel(int x, int y) const { return row(y) + static_cast<std::size_t>(x) * 4; }

  // Fresh pixels of `rect` (cut to the screen by the caller), rows `stride_bytes` apart.
  void update(const Rect& rect, const std::uint8_t* pixels, std::size_t stride_bytes);
  void set_pointer(Pointer pointer);  // marks where it was and where it is
  void move_pointer(int x, int y);
  const Pointer& pointer() const { return pointer_; }

  // One byte a block, rows of blocks_across(): 1 = changed since clear_changed().
  std::span<const std::uint8_t> changed() const { return changed_; }
  bool any_changed() const { return any_changed_; }
  std::int64_t changes() const { return changes_; }  // grows with each change, cleared or not
  void clear_changed();

 private:
  void mark(const Rect& rect);
  bool update_block(const Rect& part, const std::uint8_t* pixels, std::size_t stride_bytes);

  int width_, height_, across_, down_;
  Bytes pixels_;
  Bytes changed_;
  bool any_changed_ = false;
  std::int64_t changes_ = 0;
  Pointer pointer_;
};

}  // namespace netsampler::capture
