// What the recorders of screen and camera have in common around their threads: when a recording ends, and what it did.
#pragma once
#include "capture/media/hardship.h"
#include "capture/media/stop.h"
#include "evidence/base/clock.h"
#include "evidence/base/json.h"

namespace netsampler::capture {

struct Summary {
  std::int64_t frames_encoded = 0, frames_dropped = 0, bytes = 0, segments = 0;
  double wall_seconds = 0, cpu_seconds = 0;
};
Json json_of(const Summary& summary);

// Waits for a signal (readable `signals`), another thread's stop, or the end of `seconds` since `from_us` (0: no such end). Its turns
// are the watchdog's: `pulse` learns when they come late.
Result<void> wait_for_end(const Fd& signals, const Stop& stop, const Clock& clock, std::int64_t from_us, double seconds, Pulse& pulse);

// A thread's whole work: step() until it is over or fails (then everything stops), and `after` at the end in any case.
template <class Stage, class After>
void run_until_over(Stage& stage, Stop& stop, After after) {
  Result<bool> more = true;
  while (more.ok() && *more) more = stage.step();
  if (!more.ok()) stop.fail(more.error());
  after();
}

}  // namespace netsampler::capture
