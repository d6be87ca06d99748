#include "capture/camera/camera_rate.h"

#include <cmath>

namespace netsampler::capture {

std::optional<RateLie> CameraRate::take(std::int64_t arrived_us, double declared) {
  if (count_++ == 0) begun_us_ = arrived_us;
  const std::int64_t took_us = arrived_us - begun_us_;
  if (took_us < kStretch_us) return std::nullopt;
  const double measured = static_cast<double>(count_ - 1) * 1e6 / static_cast<double>(took_us);
  const RateLie lie{begun_us_, arrived_us, std::llround(measured)};
  count_ = 1;
  begun_us_ = arrived_us;
  const bool honest = declared <= 0 || (measured > declared * 0.8 - 1 && measured < declared * 1.25 + 1);
  const bool tell = !honest && !told_;
  told_ = !honest;
  return tell ? std::optional<RateLie>(lie) : std::nullopt;
}

}  // namespace netsampler::capture
