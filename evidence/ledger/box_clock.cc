#include "evidence/ledger/box_clock.h"

#include <algorithm>
#include <cstdlib>

namespace netsampler {
namespace {

std::int64_t drift_us(std::int64_t span_us) { return span_us / (1'000'000 / kDriftPpm); }

bool moved_apart(const std::optional<Stamp>& before, const Stamp& now) {
  if (!before || before->boot != now.boot) return false;
  const std::int64_t boot_span = now.boot_us - before->boot_us;
  const std::int64_t apart = std::llabs((now.at_us - before->at_us) - boot_span);
  return apart > before->err_us + now.err_us + drift_us(boot_span);
}

}  // namespace

void put_stamp(const Stamp& stamp, Envelope& envelope) {
  envelope.at_us = stamp.at_us, envelope.err_us = stamp.err_us, envelope.clock = stamp.clock;
  envelope.boot = stamp.boot, envelope.boot_us = stamp.boot_us;
}

Stamp stamp_of(const Envelope& envelope) {
  return {envelope.at_us, envelope.err_us, envelope.clock, envelope.boot, envelope.boot_us};
}

BoxClock::BoxClock(const Clock& clock, std::function<KernelTime()> kernel)
    : clock_(clock), kernel_(std::move(kernel)), boot_id_(clock.boot_id()) {}

void BoxClock::observe(const Json& clock_body) {
  Measurement seen;
  seen.state = string_or(clock_body, "state", "");
  seen.error_us = int_or(clock_body, "error_us", 0);
  seen.offset_us = int_or(clock_body, "offset_us", 0);
  seen.utc_us = clock_.utc_us();
  seen.boot_us = clock_.boot_us();
  for (const char* key : {"stratum", "servers"})
    if (clock_body.contains(key)) seen.shown[key] = clock_body[key];
  if (seen.state != "synchronised" && seen.state != "holdover") seen.state = "unsynchronised";
  if (seen.state == "unsynchronised" && seen.error_us == 0) seen.error_us = kUnsynchronisedUs;
  last_ = seen;
}

void BoxClock::judge(Stamp& stamp) const {
  if (last_) {
    const std::int64_t age_us = stamp.boot_us - last_->boot_us;
    stamp.clock = last_->state == "synchronised" && age_us > kHoldoverAfterUs ? "holdover" : last_->state;
    stamp.err_us = last_->error_us + drift_us(age_us);
    return;
  }
  const KernelTime kernel = kernel_();
  stamp.clock = kernel.synchronised ? "synchronised" : "unsynchronised";
  stamp.err_us = kernel.synchronised ? kernel.error_us : kUnsynchronisedUs;
}

void BoxClock::doubt_if_set_since(Stamp& stamp) const {
  if (!last_) return;
  const std::int64_t boot_span = stamp.boot_us - last_->boot_us;
  const std::int64_t set_us = std::llabs((stamp.at_us - last_->utc_us) - boot_span) - drift_us(boot_span);
  if (set_us <= 0) return;
  stamp.err_us = std::min(stamp.err_us + set_us, kMostErrorUs);
  if (set_us > last_->error_us) stamp.clock = "unsynchronised";
}

void ChainTimes::take(const Stamp& stamp) {
  if (!anchor || anchor->boot != stamp.boot || stamp.clock == "stepped") anchor = stamp;
  last = stamp;
}

Stamp BoxClock::stamp(const ChainTimes& chain) const {
  Stamp now;
  now.boot = boot_id_;
  now.boot_us = clock_.boot_us();
  now.at_us = clock_.utc_us();
  judge(now);
  const bool stepped = moved_apart(chain.last, now) || moved_apart(chain.anchor, now);  // before the doubt: it would hide the step
  doubt_if_set_since(now);
  if (stepped) now.clock = "stepped";
  return now;
}

Json BoxClock::report() const {
  const Stamp now = stamp({});
  Json report = last_ ? last_->shown : Json::object();
  report["state"] = now.clock;
  report["error_us"] = now.err_us;
  report["offset_us"] = last_ ? last_->offset_us : 0;
  report["age_us"] = last_ ? now.boot_us - last_->boot_us : -1;
  return report;
}

}  // namespace netsampler
