#include "capture/media/small_pictures.h"

#include <algorithm>

namespace netsampler::capture {
namespace {

constexpr std::size_t kMostBlocks = 160;   // of a small picture; more cost as much time as an encoder's picture costs bits less
constexpr std::size_t kMostAgain = 1200;  // blocks repeated between two of the encoder's pictures
constexpr std::uint16_t kOrderStep = 2;
constexpr std::size_t kMostInARow = 1000;   // a decoder counts the order on from the last reference, by less than half of 16 bits
constexpr std::uint8_t kIdrSlice = 5;

}  // namespace

SmallPictures::SmallPictures(int width, int height, int qp, const SliceForm& form)
    : form_(form),
      writer_(width, height, qp, form),
      differs_(static_cast<std::size_t>(blocks_of(width)) * static_cast<std::size_t>(blocks_of(height)), 1) {
  blocks_.reserve(kMostBlocks);
}

void SmallPictures::add(std::span<const std::uint8_t> changed) {
  std::size_t fresh = 0;
  count_ = 0;
  if (changed.empty()) std::fill(differs_.begin(), differs_.end(), std::uint8_t{1});
  for (std::size_t i = 0; i < changed.size(); ++i) {
    differs_[i] |= changed[i];
    fresh += changed[i];
    count_ += differs_[i];
  }
  if (changed.empty()) count_ = differs_.size(), fresh = count_;
  again_ += count_ - fresh;
}

bool SmallPictures::suit() const {
  return reference_.planes[0] != nullptr && count_ <= kMostBlocks && again_ <= kMostAgain && in_a_row_ < kMostInARow;
}

void SmallPictures::write(const PictureView& picture, Bytes& out) {
  blocks_.clear();
  for (std::size_t i = 0; i < differs_.size() && blocks_.size() < count_; ++i)
    if (differs_[i] != 0) blocks_.push_back(static_cast<std::uint32_t>(i));
  turn_.order += kOrderStep;
  ++in_a_row_;
  writer_.write(picture, reference_, blocks_, turn_, out);
}

Result<void> SmallPictures::append_encoded(ByteView slice, Bytes& out) {
  const bool first = !slice.empty() && (slice[0] & 0x1f) == kIdrSlice;
  turn_.order = first ? std::uint16_t{0} : static_cast<std::uint16_t>(turn_.order + kOrderStep);
  turn_.frame_number = TRY(append_ordered(slice, form_, turn_.order, out));
  return {};
}

void SmallPictures::refer_to(const PictureView& decoded) {
  reference_ = decoded;
  std::fill(differs_.begin(), differs_.end(), std::uint8_t{0});
  again_ = in_a_row_ = 0;
}

}  // namespace netsampler::capture
