// Do those who speak of the box's clock agree? chronyd, the kernel and every server that answered each name an interval in which
// the true offset lies; where two intervals do not meet, somebody is wrong. Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "capture/clock/chrony_tracking.h"
#include "capture/clock/sntp.h"
#include "evidence/base/kernel_time.h"

namespace netsampler::capture {

// True offset (to be added to the system clock) within offset_us ± distance_us, says somebody.
struct OffsetClaim {
  std::int64_t offset_us = 0, distance_us = 0;
};
OffsetClaim claim_of(const ChronyTracking& tracking);  // root dispersion + root delay / 2
OffsetClaim claim_of(const SntpAnswer& server);        // delay / 2 + the server's own distance
std::int64_t bound_us(const OffsetClaim& claim);       // of the system clock's error: |offset| + distance

// Servers state their own distance some milliseconds too small, and are not asked in the same instant.
inline constexpr std::int64_t kClaimSlack_us = 5'000;

// What `agreement` in a clock record says.
//   agree       all that spoke meet
//   outvoted    some servers contradict chronyd, more than half of those that answered do not: the bound stands
//   contradict  no such majority, or the kernel, which counts itself synchronised, contradicts: the bound holds all of them
//   alone       nobody to compare with
struct Agreement {
  std::string word = "alone";
  std::int64_t error_us = 0;  // bound of the system clock's error
  bool deposed = false;       // more than half of the servers that answered contradict chronyd: its state counts no more
};
// `tracking` empty: chronyd is silent or follows nothing, then the servers are held against their middle one.
// `servers`: those that answered, by offset. Nobody at all: error_us 0.
Agreement agreement_of(const std::optional<ChronyTracking>& tracking, const std::vector<SntpAnswer>& servers, const KernelTime& kernel);

}  // namespace netsampler::capture
