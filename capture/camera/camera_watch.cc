#include "capture/camera/camera_watch.h"

namespace netsampler::capture {

std::optional<CameraPicture> WatchStage::newest_of(const std::vector<CameraUnit>& units) {
  std::optional<CameraPicture> newest;
  const auto take = [&] {
    for (auto picture = decoder_->next(); picture.ok() && *picture; picture = decoder_->next()) newest = std::move(**picture);
  };
  std::int64_t number = 0;
  for (const CameraUnit& unit : units) {
    decoder_->feed(unit, ++number);
    take();
  }
  decoder_->finish();
  take();
  return newest;
}

std::optional<std::vector<Note>> WatchStage::step() {
  auto item = in_.pop();
  if (!item) return std::nullopt;
  const auto picture = item->picture ? std::move(item->picture) : newest_of(item->units);
  if (!item->units.empty() && (!picture || picture->damaged)) talk_.damaged = true;
  if (!picture) return std::vector<Note>{};
  const ImageView luma{picture->view.planes[0], picture->width, picture->height, picture->view.strides[0], PixelForm::gray};
  std::vector<Note> notes;
  if (auto still = still_.look(luma, item->at_us, item->source)) notes.push_back(std::move(*still));
  if (still_.looks() > kLooksAtOne) return notes;  // it was read, or there is nothing to be read
  ++looks_;
  const auto codes = read_codes(luma);
  if (!codes.ok()) return notes;  // a symbol too damaged for the library is no symbol
  for (Note& note : sightings_.take(*codes, item->at_us, item->source)) notes.push_back(std::move(note));
  talk_.look_again = sightings_.unsure();
  return notes;
}

std::vector<Note> WatchStage::finish() {
  auto still = still_.finish();
  return still ? std::vector<Note>{std::move(*still)} : std::vector<Note>{};
}

}  // namespace netsampler::capture
