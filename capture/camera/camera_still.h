// A camera whose picture stands still: one that hangs and repeats itself, or a scene in which nothing at all happens; the recording tells
// it and does not judge. Compared are luma samples on a grid, with the first picture of the stretch; the noise of a live sensor, or
// anything that moves over more than a thousandth of the picture, ends it. One thread.
#pragma once
#include <optional>
#include <string>

#include "capture/media/segment.h"
#include "evidence/vision/image.h"

namespace netsampler::capture {

class StillWatch {
 public:
  static constexpr std::int64_t kStill_us = 30'000'000;  // shorter stretches are not told
  static constexpr int kGrid = 8;                        // pixels between samples
  static constexpr int kSame = 6;                        // luma steps that coding anew may move a sample

  // The finding `camera-still` of a stretch that is over.
  std::optional<Note> look(const ImageView& luma, std::int64_t at_us, const std::string& source);
  std::optional<Note> finish();  // of one that lasts to the end
  int looks() const { return looks_; }  // at the picture that stands now

 private:
  bool same(const Bytes& samples) const;

  Bytes samples_;  // of the first picture of the stretch
  std::int64_t from_us_ = 0, to_us_ = 0;
  int looks_ = 0;
  std::string source_;
};

}  // namespace netsampler::capture
