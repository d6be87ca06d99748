// How many pictures a second does a camera really send, and is that what it says? Measured over stretches of 5 s of arrivals. One thread.
#pragma once
#include <cstdint>
#include <optional>

namespace netsampler::capture {

struct RateLie {
  std::int64_t from_us = 0, to_us = 0;  // BOOTTIME of the stretch in which it was measured
  std::int64_t a_second = 0;            // pictures, rounded
};

class CameraRate {
 public:
  static constexpr std::int64_t kStretch_us = 5'000'000;
  // `declared`: pictures a second, 0: the camera does not say. A lie once, when it begins; again after an honest stretch.
  std::optional<RateLie> take(std::int64_t arrived_us, double declared);
  void forget() { count_ = 0; }  // a pause is no rate

 private:
  std::int64_t begun_us_ = 0, count_ = 0;
  bool told_ = false;
};

}  // namespace netsampler::capture
