#include "capture/media/frame_slots.h"

#include <algorithm>

namespace netsampler::capture {

FrameSlots::FrameSlots(int width, int height, std::size_t count) : width_(width), height_(height), slots_(count) {
  const std::size_t pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  const std::size_t blocks = static_cast<std::size_t>(blocks_of(width)) * static_cast<std::size_t>(blocks_of(height));
  for (std::size_t i = 0; i < count; ++i) {
    slots_[i] = {Bytes(pixels, 16), Bytes(pixels / 2, 128), Bytes(blocks, 1), Bytes(blocks, 1)};
    free_.with([&](auto& list) { list.push_back(i); });
  }
}

std::optional<std::size_t> FrameSlots::take() {
  return free_.with([](auto& list) -> std::optional<std::size_t> {
    if (list.empty()) return std::nullopt;
    const std::size_t slot = list.back();
    list.pop_back();
    return slot;
  });
}

void FrameSlots::fill(std::size_t slot, const StandingPicture& picture) {
  const auto changed = picture.changed();
  for (Slot& each : slots_)
    for (std::size_t i = 0; i < changed.size(); ++i) each.missed[i] = each.missed[i] | changed[i];
  Slot& target = slots_[slot];
  std::copy(changed.begin(), changed.end(), target.changed.begin());
  convert_blocks(picture, target.missed, target.luma.data(), target.chroma.data(), width_);
  std::fill(target.missed.begin(), target.missed.end(), std::uint8_t{0});
}

void FrameSlots::give_back(std::size_t slot) {
  free_.with([&](auto& list) { list.push_back(slot); });
}

PictureView FrameSlots::view(std::size_t slot) const {
  const Slot& from = slots_[slot];
  return {PixelLayout::nv12, {from.luma.data(), from.chroma.data(), nullptr}, {width_, width_, 0}};
}

}  // namespace netsampler::capture
