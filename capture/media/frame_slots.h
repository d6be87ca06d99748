// The few NV12 pictures that go round between grab and encode. Each remembers which blocks it has missed, so that a block is
// converted once when it changes, not once a frame. `take` returns nothing when the encoder has them all: the one drop point.
// take and fill: grab thread. give_back: encode thread.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "capture/media/encoder.h"
#include "capture/media/standing_picture.h"
#include "evidence/base/queue.h"

namespace netsampler::capture {

class FrameSlots {
 public:
  FrameSlots(int width, int height, std::size_t count);  // even sides
  std::optional<std::size_t> take();                     // the one given back last: it has missed least
  // Brings the slot up to the standing picture, the pointer drawn in. Call once for every change set, before it is cleared.
  void fill(std::size_t slot, const StandingPicture& picture);
  void give_back(std::size_t slot);
  PictureView view(std::size_t slot) const;
  std::span<const std::uint8_t> changed(std::size_t slot) const { return slots_[slot].changed; }  // a byte a block, against what was filled in before

 private:
  struct Slot {
    Bytes luma, chroma;
    Bytes missed;   // one byte a block; grab thread only
    Bytes changed;
  };
  int width_, height_;
  std::vector<Slot> slots_;
  Guarded<std::vector<std::size_t>> free_;
};

// Converts the blocks whose byte in `map` is set (BT.601, limited range).
void convert_blocks(const StandingPicture& picture, std::span<const std::uint8_t> map, std::uint8_t* luma,
                    std::uint8_t* chroma, int stride_bytes);

}  // namespace netsampler::capture
