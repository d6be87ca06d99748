// Was the system clock set, or its rate bent, between two looks? UTC against BOOTTIME shows steps: both are slewed together, only a
// step parts them. CLOCK_MONOTONIC against CLOCK_MONOTONIC_RAW shows slews: the raw one nobody bends. Pure; one thread.
#pragma once
#include <cstdint>
#include <optional>

#include "evidence/base/json.h"

namespace netsampler::capture {

// The four clocks in one moment, microseconds.
struct ClockReading {
  std::int64_t utc_us = 0, boot_us = 0, monotonic_us = 0, raw_us = 0;
};
// The closest of up to five tries: within 50 us where the scheduler lets us.
ClockReading read_clocks();

struct ClockMove {
  std::optional<std::int64_t> step_us;   // UTC jumped by that much since the look before: positive is forward
  std::int64_t seen_boot_us = 0;         // of this look
  std::optional<std::int64_t> slew_ppb;  // the system clock's rate against the raw oscillator, since it was last told
};

inline constexpr std::int64_t kStepAtLeast_us = 1'000;       // and 500 ppm of the time between the looks
inline constexpr std::int64_t kSlewSpan_us = 4'000'000;      // a rate is told over at least so long: shorter is noise
inline constexpr std::int64_t kSlewLimit_ppb = 500'000;      // the most that the kernel's own discipline bends; beyond it durations are false
inline constexpr std::int64_t kMostError_us = std::int64_t{1} << 52;  // 142 years; a record's integers end at 2^53

class ClockWatch {
 public:
  ClockMove look(const ClockReading& now);

 private:
  std::optional<std::int64_t> slew(const ClockReading& now);
  std::optional<ClockReading> last_, slew_from_;
};

// step_us, step_boot_us, slew_ppb of a clock record.
void put_move(const ClockMove& move, Json& body);

// After a step chronyd's word is about the clock as it was, until it has measured anew (another reference time) or a server that
// answered agrees with it: until then the step adds to the bound.
class StepDoubt {
 public:
  // `reference_time_us`: of chronyd's last measurement; 0 where it is silent (then its word is not used either). Changes the body's error_us and state.
  void settle(const ClockMove& move, std::int64_t reference_time_us, Json& body);

 private:
  std::int64_t doubt_us_ = 0, reference_at_step_us_ = 0;
};

}  // namespace netsampler::capture
