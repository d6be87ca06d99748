// One measurement of the box's clock: what chronyd says, and what the time servers say when the recorder asks them itself.
// It becomes the body of a `clock` record (docs/design.md) and the clock on the strip.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "capture/clock/chrony_tracking.h"
#include "capture/clock/sntp.h"
#include "evidence/base/json.h"

namespace netsampler::capture {

struct ClockSettings {
  std::vector<std::string> servers;  // host or host:port
  std::string chronyd_socket;        // empty: chronyc's default
  int timeout_ms = 1500;             // for the servers' round
};

// Nobody says how wrong the clock is: a day stands for "unknown" where a number must stand.
inline constexpr std::int64_t kUnknownError_us = 86'400'000'000;

// Pure: both sources to the record's body.
// state and error from chronyd. Where it is silent the state is `unsynchronised`, and the servers' median offset with its
// distance is the error; with no server either, kUnknownError_us. Where most servers that answered contradict chronyd (their
// interval of offset ± (delay / 2 + dispersion) misses chronyd's offset ± error), the error grows to their median |offset|.
Json clock_body(const std::optional<ChronyTracking>& tracking, const std::vector<SntpAnswer>& servers, std::int64_t now_utc_us,
                const std::string& phase);

struct ClockMeasurement {
  Json body;
  std::string trouble;  // one line where chronyd is silent, else empty
};

// Asks chronyd and the servers; takes at most about 3 s + settings.timeout_ms.
ClockMeasurement measure_clock(const ClockSettings& settings, const Clock& clock, const std::string& phase);

}  // namespace netsampler::capture
