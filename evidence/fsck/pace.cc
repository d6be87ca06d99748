#include "evidence/fsck/pace.h"

#include <algorithm>

namespace netsampler {
namespace {

constexpr std::int64_t kLongestWaitUs = 500'000;

}  // namespace

Pace::Pace(std::int64_t rate_bytes_per_s, const Clock& clock, HoldUp hold_up)
    : rate_(std::max<std::int64_t>(rate_bytes_per_s, 1)), clock_(clock), hold_up_(std::move(hold_up)) {}

Result<void> Pace::took(std::int64_t bytes) {
  bytes_ += bytes;
  due_us_ = std::max(due_us_, clock_.boot_us()) + bytes * 1'000'000 / rate_;
  for (std::int64_t early_us; (early_us = due_us_ - clock_.boot_us()) > 0;)
    TRY(hold_up_(static_cast<int>((std::min(early_us, kLongestWaitUs) + 999) / 1000)));
  return {};
}

}  // namespace netsampler
