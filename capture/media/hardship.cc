#include "capture/media/hardship.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <string_view>

namespace netsampler::capture {
namespace {

std::int64_t read_us(clockid_t which) {
  timespec now{};
  ::clock_gettime(which, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

}  // namespace

std::int64_t monotonic_us() { return read_us(CLOCK_MONOTONIC); }

RunQueueWait::RunQueueWait() : schedstat_(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {}

// "running waiting timeslices", the first two in nanoseconds.
std::int64_t RunQueueWait::us() const {
  char text[128];
  const ssize_t size = schedstat_.valid() ? ::pread(schedstat_.get(), text, sizeof text, 0) : -1;
  if (size <= 0) return 0;
  const std::string_view line(text, static_cast<std::size_t>(size));
  const std::size_t second = line.find(' ');
  std::int64_t waited_ns = 0;
  if (second != std::string_view::npos) std::from_chars(line.data() + second + 1, line.data() + line.size(), waited_ns);
  return waited_ns / 1000;
}

void Pulse::tick(std::int64_t monotonic_us, std::int64_t starved_us, std::int64_t wait_us) {
  const std::int64_t due_us = due_us_.load();
  const std::int64_t late_us = due_us == 0 ? 0 : monotonic_us - due_us - (starved_us - starved_us_);
  starved_us_ = starved_us;
  due_us_.store(monotonic_us + wait_us);
  late_us_.fetch_add(std::max<std::int64_t>(0, late_us));
}

std::int64_t Pulse::stopped_us(std::int64_t monotonic_us) const {
  const std::int64_t due_us = due_us_.load();
  return late_us_.load() + (due_us == 0 ? 0 : std::max<std::int64_t>(0, monotonic_us - due_us));
}

Hardship SystemHardship::measure() const {
  const std::int64_t now_us = monotonic_us();
  if (!run_queue_) run_queue_.emplace();
  return {read_us(CLOCK_BOOTTIME) - now_us, run_queue_->us(), pulse_.stopped_us(now_us)};
}

// Starved is asked before stopped: a watchdog that is overdue does not yet know that it was starved as well.
const char* gap_cause(const Lateness& late) {
  const auto explains = [&](std::int64_t us) { return us >= late.gap_us / 2; };
  if (explains(late.after.asleep_us - late.before.asleep_us)) return "suspended";
  if (explains(late.after.starved_us - late.before.starved_us)) return "starved";
  if (explains(late.after.stopped_us - late.before.stopped_us)) return "stopped";
  if (late.dropped) return "backlog";
  if (explains(late.display_us)) return "display";
  return kNoCause.data();
}

const char* LateWatch::cause_at(std::int64_t at_us, std::int64_t display_us, bool dropped) {
  const std::int64_t gap_us = last_us_ == 0 ? 0 : at_us - last_us_;
  last_us_ = at_us;
  if (gap_us < kLateUs && measured_us_ != 0 && at_us - measured_us_ < kMeasureUs) return kNoCause.data();
  const Hardship now = meter_.measure();
  const char* cause = gap_us < kLateUs ? kNoCause.data() : gap_cause({gap_us, measured_, now, display_us, dropped});
  measured_ = now;
  measured_us_ = at_us;
  return cause;
}

}  // namespace netsampler::capture
