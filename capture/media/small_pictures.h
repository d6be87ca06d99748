// Which pictures of a screen are written small, between an encoder's own: those in which few blocks differ from the encoder's last picture, the
// one that they all refer to. Keeps what has changed since that picture, and both kinds in one order.
#pragma once
#include "capture/media/small_picture.h"

namespace netsampler::capture {

class SmallPictures {
 public:
  SmallPictures(int width, int height, int qp, const SliceForm& form);
  // A picture is next. `changed`: against the picture before, a byte a macroblock; empty: anywhere.
  void add(std::span<const std::uint8_t> changed);
  // Whether it is better written small: little differs, and what was said again in small pictures is not much yet. Never before the encoder's first.
  bool suit() const;
  void write(const PictureView& picture, Bytes& out);
  // Instead: the encoder's picture. `differs` tells it what changed since its last one.
  std::span<const std::uint8_t> differs() const { return differs_; }
  Result<void> append_encoded(ByteView slice, Bytes& out);
  // What a decoder has of it: NV12 in whole macroblocks, valid until the encoder's next.
  void refer_to(const PictureView& decoded);

 private:
  SliceForm form_;
  SmallPictureWriter writer_;
  Bytes differs_;                    // a byte a macroblock
  std::vector<std::uint32_t> blocks_;  // those set in it, where they are few
  PictureView reference_;
  SmallPictureTurn turn_;
  std::size_t count_ = 0, again_ = 0;  // blocks that differ; blocks written small though they had not changed since the picture before
  std::size_t in_a_row_ = 0;         // small pictures since the reference
};

}  // namespace netsampler::capture
