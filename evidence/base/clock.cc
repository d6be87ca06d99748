#include "evidence/base/clock.h"

#include <ctime>
#include <fstream>

namespace netsampler {
namespace {
std::int64_t read_clock(clockid_t which) {
  timespec now{};
  clock_gettime(which, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}
}  // namespace

std::int64_t SystemClock::utc_us() const { return read_clock(CLOCK_REALTIME); }
std::int64_t SystemClock::boot_us() const { return read_clock(CLOCK_BOOTTIME); }

std::string SystemClock::boot_id() const {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

std::string beijing_time(std::int64_t utc_us) {
  const std::time_t seconds = utc_us / 1'000'000 + 8 * 3600;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return text;
}

}  // namespace netsampler
