#include "capture/media/run.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "evidence/base/program.h"

namespace netsampler::capture {

Json json_of(const Summary& summary) {
  return {{"frames_encoded", summary.frames_encoded}, {"frames_dropped", summary.frames_dropped},
          {"wall_seconds", summary.wall_seconds},     {"cpu_seconds", summary.cpu_seconds},
          {"bytes", summary.bytes},                   {"segments", summary.segments}};
}

Result<void> wait_for_end(const Fd& signals, const Stop& stop, const Clock& clock, std::int64_t from_us, double seconds) {
  constexpr std::int64_t kTurnUs = 1'000'000;
  const std::int64_t end_us = from_us + static_cast<std::int64_t>(seconds * 1e6);
  while (!stop.asked() && !stop_requested(signals)) {
    const std::int64_t left_us = seconds > 0 ? end_us - clock.boot_us() : kTurnUs;
    if (left_us <= 0) return {};
    pollfd waits[2] = {{signals.get(), POLLIN, 0}, {stop.wake_fd(), POLLIN, 0}};
    const int wait_ms = static_cast<int>((std::min(left_us, kTurnUs) + 999) / 1000);
    if (::poll(waits, 2, wait_ms) < 0 && errno != EINTR) return fail_errno("poll");
  }
  return {};
}

}  // namespace netsampler::capture
