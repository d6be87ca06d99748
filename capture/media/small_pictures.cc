#include "capture/media/small_pictures.h"

#include <algorithm>

namespace netsampler::capture {
namespace {

constexpr std::size_t kMostBlocks = 300;  // of a small picture; with more, an encoder's search for motion saves bits that are worth its time
constexpr std::uint8_t kIdrSlice = 5;

}  // namespace

SmallPictures::SmallPictures(int width, int height, int qp, const SliceForm& form)
    : form_(form),
      writer_(width, height, qp, form),
      differs_(static_cast<std::size_t>(blocks_of(width)) * static_cast<std::size_t>(blocks_of(height)), 1) {
  blocks_.reserve(kMostBlocks);
}

void SmallPictures::add(std::span<const std::uint8_t> changed) {
  blocks_.clear();
  if (changed.empty()) std::fill(differs_.begin(), differs_.end(), std::uint8_t{1});
  std::size_t count = 0;
  for (std::size_t i = 0; i < changed.size(); ++i) {
    differs_[i] |= changed[i];
    count += changed[i] != 0 ? 1 : 0;
  }
  few_ = !changed.empty() && count <= kMostBlocks;
  for (std::size_t i = 0; few_ && blocks_.size() < count; ++i)
    if (changed[i] != 0) blocks_.push_back(static_cast<std::uint32_t>(i));
}

bool SmallPictures::suit() const { return begun_ && few_; }

void SmallPictures::write(const PictureView& picture, Bytes& out) { writer_.write(picture, blocks_, frame_number_++, out); }

Result<void> SmallPictures::append_encoded(ByteView slice, Bytes& out) {
  if (!slice.empty() && (slice[0] & 0x1f) == kIdrSlice) frame_number_ = 0;
  return append_kept(slice, form_, frame_number_++, out);
}

void SmallPictures::encoded(const PictureView& decoded) {
  begun_ = true;
  writer_.begin(decoded);
  std::fill(differs_.begin(), differs_.end(), std::uint8_t{0});
}

}  // namespace netsampler::capture
