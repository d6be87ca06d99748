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

Result<void> wait_for_end(const Fd& signals, const Stop& stop, const Clock& clock, std::int64_t from_us, double seconds, Pulse& pulse) {
  const RunQueueWait run_queue;
  const std::int64_t end_us = from_us + static_cast<std::int64_t>(seconds * 1e6);
  while (!stop.asked() && !stop_requested(signals)) {
    const std::int64_t left_us = seconds > 0 ? end_us - clock.boot_us() : Pulse::kTurnUs;
    if (left_us <= 0) return {};
    const std::int64_t wait_ms = (std::min(left_us, Pulse::kTurnUs) + 999) / 1000;
    pulse.tick(monotonic_us(), run_queue.us(), wait_ms * 1000);
    pollfd waits[2] = {{signals.get(), POLLIN, 0}, {stop.wake_fd(), POLLIN, 0}};
    if (::poll(waits, 2, static_cast<int>(wait_ms)) < 0 && errno != EINTR) return fail_errno("poll");
  }
  return {};
}

}  // namespace netsampler::capture
