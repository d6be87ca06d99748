// One measurement of the box's clock: what chronyd says, and what the time servers say when the recorder asks them itself.
// It becomes the body of a `clock` record (docs/design.md) and the clock on the strip.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "capture/clock/clock_agreement.h"
#include "evidence/base/json.h"

namespace netsampler::capture {

struct ClockSettings {
  std::vector<std::string> servers;  // host or host:port
  std::string chronyd_socket;        // empty: chronyc's default
  int timeout_ms = 1500;             // for the servers' round
};

// Nobody says how wrong the clock is: a day stands for "unknown" where a number must stand.
inline constexpr std::int64_t kUnknownError_us = 86'400'000'000;

// Pure: all sources to the record's body. State from chronyd, offset too; the error's bound by agreement_of (clock_agreement.h).
// Where chronyd is silent or follows nothing, the state is `unsynchronised` and the servers' middle one is the offset; with no
// server either, kUnknownError_us.
Json clock_body(const std::optional<ChronyTracking>& tracking, const std::vector<SntpAnswer>& servers, const KernelTime& kernel,
                std::int64_t now_utc_us, const std::string& phase);

struct ClockMeasurement {
  Json body;
  std::int64_t reference_time_us = 0;  // chronyd's, 0 where it is silent
  std::string trouble;                 // one line where chronyd is silent, else empty
};

// Asks chronyd and the servers; takes at most about 3 s + settings.timeout_ms.
ClockMeasurement measure_clock(const ClockSettings& settings, const Clock& clock, const std::string& phase);

}  // namespace netsampler::capture
