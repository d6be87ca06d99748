// Wakes when somebody sets the system clock: a timer on CLOCK_REALTIME that is cancelled by that (TFD_TIMER_CANCEL_ON_SET).
#pragma once
#include "evidence/base/fd.h"

namespace netsampler::capture {

class ClockAlarm {
 public:
  static Result<ClockAlarm> open();
  int fd() const { return timer_.get(); }  // readable: ask was_set
  // True where the clock was set since the last call (a resume from suspend may count as that too); armed again.
  bool was_set();

 private:
  explicit ClockAlarm(Fd timer) : timer_(std::move(timer)) {}
  Result<void> arm();
  Fd timer_;
};

}  // namespace netsampler::capture
