// What the kernel says of its own clock: ntp_adjtime, read only (anybody may ask; nothing is ever set).
#pragma once
#include <sys/timex.h>

#include <cstdint>
#include <string>

namespace netsampler {

struct KernelTime {
  // Somebody keeps it so: neither TIME_ERROR nor STA_UNSYNC. chronyd -x, and a machine without a time daemon, leave it false.
  bool synchronised = false;
  std::int64_t error_us = 0;       // maxerror, growing by 500 ppm since the daemon last wrote it; meaningful only where synchronised
  std::int64_t offset_us = 0;      // what the kernel's own phase loop has still to correct
  std::int64_t frequency_ppb = 0;  // the correction of the clock's rate in force: freq and tick together
  std::string leap = "normal";     // what is due at the end of the UTC day, or just happened: normal, insert, delete
};

KernelTime kernel_time();
// Pure: `state` is what ntp_adjtime returned.
KernelTime kernel_time_from(const timex& said, int state);

}  // namespace netsampler
