// When was a camera's picture taken? The stream's own times are even but of unknown origin; arrivals are on our clock but uneven.
// So: the stream's time plus an offset, which is the smallest (arrival − stream time) seen lately. Never later than the arrival,
// never more than half a second before it, always growing.
#pragma once
#include <cstdint>
#include <optional>

namespace netsampler::capture {

class CameraTime {
 public:
  static constexpr std::int64_t kBehind_us = 500'000;  // more delay than this is no network jitter: the stream's clock has moved
  static constexpr std::int64_t kStep_us = 1'000;      // between pictures that would otherwise coincide

  // BOOTTIME of a picture that arrived at `arrived_us`.
  std::int64_t place(std::int64_t arrived_us, std::optional<std::int64_t> pts_us);
  void forget_stream() { offset_us_.reset(); }  // after a reconnect: the next stream has another origin

 private:
  std::optional<std::int64_t> offset_us_;
  std::int64_t last_us_ = 0;
};

}  // namespace netsampler::capture
