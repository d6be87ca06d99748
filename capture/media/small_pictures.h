// Which pictures of a screen are written small, between an encoder's own: those in which few blocks changed. Numbers both kinds, and keeps for the
// encoder what has changed since its own last picture, the only one that it knows of.
#pragma once
#include "capture/media/small_picture.h"

namespace netsampler::capture {

class SmallPictures {
 public:
  SmallPictures(int width, int height, int qp, const SliceForm& form);
  // A picture is next. `changed`: against the picture before, a byte a macroblock; empty: anywhere.
  void add(std::span<const std::uint8_t> changed);
  // Whether it is better written small. Never before the encoder's first.
  bool suit() const;
  void write(const PictureView& picture, Bytes& out);
  // Instead, the encoder's picture, which is told what `differs` from its last one. Each slice of it:
  std::span<const std::uint8_t> differs() const { return differs_; }
  Result<void> append_encoded(ByteView slice, Bytes& out);
  // What a decoder has of it: NV12 in whole macroblocks, valid until the encoder's next.
  void encoded(const PictureView& decoded);

 private:
  SliceForm form_;
  SmallPictureWriter writer_;
  Bytes differs_;                      // a byte a macroblock
  std::vector<std::uint32_t> blocks_;  // that changed in the next picture, as far as they are few
  bool few_ = false, begun_ = false;
  std::uint32_t frame_number_ = 0;     // of the next picture, counted from the last IDR picture
};

}  // namespace netsampler::capture
