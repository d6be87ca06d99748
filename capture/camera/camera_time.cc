#include "capture/camera/camera_time.h"

#include <algorithm>

namespace netsampler::capture {

std::int64_t CameraTime::place(std::int64_t arrived_us, std::optional<std::int64_t> pts_us) {
  std::int64_t at_us = arrived_us;
  if (pts_us) {
    const std::int64_t offset_us = arrived_us - *pts_us;
    if (!offset_us_ || offset_us < *offset_us_ || offset_us - *offset_us_ > kBehind_us) offset_us_ = offset_us;
    at_us = *pts_us + *offset_us_;
  }
  return last_us_ = std::max(at_us, last_us_ + kStep_us);
}

}  // namespace netsampler::capture
