// What chronyd says about the system clock it disciplines: one run of `chronyc -c tracking`, read, judged.
// The recorder never sets the clock; it reports what the daemon says.
#pragma once
#include <cstdint>
#include <string>

#include "evidence/base/result.h"

namespace netsampler::capture {

struct ChronyTracking {
  std::string reference;               // reference id, eight hex digits
  int stratum = 0;                     // of this machine; 0 where not synchronised
  std::string leap;                    // normal, insert, delete, unsynchronised
  std::int64_t reference_time_us = 0;  // UTC of the last accepted measurement
  std::int64_t offset_us = 0;          // to be added to the system clock to get NTP time: positive where the clock is slow
  std::int64_t root_delay_us = 0;
  std::int64_t root_dispersion_us = 0;
  std::int64_t update_interval_us = 0;
};

// One line of `chronyc -c tracking`: 14 fields, times in seconds with fractions. `invalid` where it is not that.
Result<ChronyTracking> parse_tracking(const std::string& line);

// Asks the daemon behind `socket` (empty: chronyc's own default places). Bounded to 3 s. `unavailable` where nobody answers.
Result<ChronyTracking> ask_chronyd(const std::string& socket);

// The bound of the system clock's error: |offset| + root dispersion + root delay / 2 (RFC 5905's root distance and the offset).
std::int64_t error_bound_us(const ChronyTracking& tracking);

// synchronised: the daemon follows a source that answered lately; holdover: it did, but nothing was heard for eight update
// intervals and at least 64 s; unsynchronised: never, or only its own clock (`local`).
std::string clock_state(const ChronyTracking& tracking, std::int64_t now_utc_us);

}  // namespace netsampler::capture
