#include "capture/media/utc_map.h"

#include "evidence/base/kernel_time.h"

namespace netsampler::capture {

std::int64_t utc_minus_boot_us(const Clock& clock) {
  constexpr int kTries = 4;
  constexpr std::int64_t kClose_us = 50;
  std::int64_t best_us = INT64_MAX, offset_us = 0;
  for (int i = 0; i < kTries && best_us > kClose_us; ++i) {
    const std::int64_t before_us = clock.boot_us(), utc_us = clock.utc_us(), took_us = clock.boot_us() - before_us;
    if (took_us < best_us) best_us = took_us, offset_us = utc_us - before_us - took_us / 2;
  }
  return offset_us;
}

std::int64_t kernel_utc_error_us() {
  const KernelTime kernel = kernel_time();
  return kernel.synchronised ? kernel.error_us : kUnknownErrorUs;
}

}  // namespace netsampler::capture
