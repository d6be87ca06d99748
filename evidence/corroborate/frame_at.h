// The recorded picture that stood at a moment: the segments from the last key frame on, decoded up to it.
#pragma once
#include "evidence/corroborate/recording_view.h"
#include "evidence/vision/png.h"

namespace netsampler::corroborate {

struct Picture {
  std::string source;
  std::int64_t segment = 0, pts = 0;
  GrayPicture gray;
};

// Pictures of a screen at these BOOTTIMEs, in their order, one source: that which was seen last before the first of them. A moment for which no
// picture is sealed (beyond the last segment, or in a gap of over 2 s) has none. `not_found`: no screen was recorded then.
Result<std::vector<Picture>> pictures_at(const RecordingView& recording, const std::vector<std::int64_t>& moments_us);

// All that the picture at that moment needs is sealed.
bool is_sealed_until(const RecordingView& recording, std::int64_t moment_us);

}  // namespace netsampler::corroborate
