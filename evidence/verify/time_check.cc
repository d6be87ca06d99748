#include "evidence/verify/time_check.h"

#include <algorithm>
#include <cstdlib>

namespace netsampler::verify {

bool TimeCheck::agrees(const Envelope& earlier, const Envelope& later) const {
  const std::int64_t boot = later.boot_us - earlier.boot_us;
  const std::int64_t apart = std::abs((later.at_us - earlier.at_us) - boot);
  return apart <= earlier.err_us + later.err_us + boot / 2000;
}

void TimeCheck::take(const Envelope& head, const std::string& where) {
  worst_error_us_ = std::max(worst_error_us_, head.err_us);
  const bool same_boot = last_ && last_->boot == head.boot;
  const bool stepped = head.clock == "stepped";
  if (same_boot && head.boot_us < last_->boot_us) job_.report.add(Reason::time_backwards, where);
  if (same_boot && stepped) job_.report.add(Reason::clock_stepped, where);
  if (same_boot && !stepped && (!agrees(*last_, head) || !agrees(*first_, head)))
    job_.report.add(Reason::clock_contradiction, where);
  if (!same_boot || stepped) first_ = head;
  last_ = head;
}

}  // namespace netsampler::verify
