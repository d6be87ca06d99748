// UTC as a map beside BOOTTIME: what stands beside a frame's own time, and never bends it.
#pragma once
#include "evidence/base/clock.h"

namespace netsampler::capture {

inline constexpr std::int64_t kUnknownErrorUs = 16'000'000;  // NTP's "not synchronised" distance, as the ledger's
inline constexpr std::int64_t kDrift_ppm = 500;              // the format's bound for a clock left alone

// UTC − BOOTTIME, the two read as closely together as the scheduler lets us.
std::int64_t utc_minus_boot_us(const Clock& clock);
// The kernel's bound of its own clock's error; kUnknownErrorUs where it counts itself unsynchronised.
std::int64_t kernel_utc_error_us();

}  // namespace netsampler::capture
