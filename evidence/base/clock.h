// The two clocks of the product. BOOTTIME orders and spaces everything (it runs through suspend, and nobody can set it; NTP bends its rate
// together with UTC's); UTC is a map beside it. Handed in everywhere, so that a test can step it.
#pragma once
#include <cstdint>
#include <string>

namespace netsampler {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t utc_us() const = 0;   // microseconds since 1970, CLOCK_REALTIME
  virtual std::int64_t boot_us() const = 0;  // microseconds since boot, CLOCK_BOOTTIME
  virtual std::string boot_id() const = 0;   // the kernel's random id of this boot (UUID text)
};

class SystemClock final : public Clock {
 public:
  std::int64_t utc_us() const override;
  std::int64_t boot_us() const override;
  std::string boot_id() const override;
};

// A clock that stands still until told: tests only.
class ManualClock final : public Clock {
 public:
  std::int64_t utc = 1'800'000'000'000'000;
  std::int64_t boot = 5'000'000'000;
  std::string id = "00000000-0000-4000-8000-000000000001";
  void advance(std::int64_t us) { utc += us, boot += us; }
  std::int64_t utc_us() const override { return utc; }
  std::int64_t boot_us() const override { return boot; }
  std::string boot_id() const override { return id; }
};

// "2026-11-22 21:23:44" in UTC+8, the time on the strip and in reports.
std::string beijing_time(std::int64_t utc_us);

}  // namespace netsampler
