// The box's clock as records state it. Each record carries UTC, its error bound and the state of the clock; the bound grows with
// the age of the last measurement. One thread.
#pragma once
#include <functional>
#include <optional>

#include "evidence/base/clock.h"
#include "evidence/base/json.h"
#include "evidence/base/kernel_time.h"
#include "evidence/format/record.h"

namespace netsampler {

struct Stamp {
  std::int64_t at_us = 0, err_us = 0;
  std::string clock, boot;
  std::int64_t boot_us = 0;
};
void put_stamp(const Stamp& stamp, Envelope& envelope);
Stamp stamp_of(const Envelope& envelope);

// The times that a chain's next record is compared with: its last record, and its first since the last step or reboot.
struct ChainTimes {
  std::optional<Stamp> last, anchor;
  void take(const Stamp& stamp);
};

inline constexpr std::int64_t kDriftPpm = 500;                  // the format's bound for a clock left alone
inline constexpr std::int64_t kHoldoverAfterUs = 120'000'000;   // a measurement older than this no longer counts as synchronised
inline constexpr std::int64_t kUnsynchronisedUs = 16'000'000;   // NTP's "not synchronised" distance, where nobody knows better

inline constexpr std::int64_t kMostErrorUs = std::int64_t{1} << 52;  // 142 years; a record's integers end at 2^53

class BoxClock {
 public:
  BoxClock(const Clock& clock, std::function<KernelTime()> kernel);  // the kernel is asked while nobody has measured
  void observe(const Json& clock_body);  // the body of a clock record, already checked against the kinds table
  // Now. `stepped` where UTC and BOOTTIME moved apart since the chain's last record, or since its anchor, by more than both bounds and
  // the drift allow: the same comparison that the verifier makes. What UTC has moved against BOOTTIME since the last measurement,
  // beyond the drift, adds to err_us; beyond that measurement's own bound somebody set the clock, and until the next one the
  // state is `unsynchronised`.
  Stamp stamp(const ChainTimes& chain) const;
  // {"state","error_us","offset_us","age_us"}, age −1 before the first measurement; after it also its "stratum" and "servers",
  // which the screen shows at a purchase's start (39(一)).
  Json report() const;

 private:
  struct Measurement {
    std::string state;
    std::int64_t error_us = 0, offset_us = 0, utc_us = 0, boot_us = 0;
    Json shown = Json::object();
  };
  void judge(Stamp& stamp) const;
  void doubt_if_set_since(Stamp& stamp) const;
  const Clock& clock_;
  std::function<KernelTime()> kernel_;
  std::string boot_id_;
  std::optional<Measurement> last_;
};

}  // namespace netsampler
