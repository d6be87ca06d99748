#include "capture/clock/clock_alarm.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace netsampler::capture {
namespace {

constexpr time_t kFarAway_s = 365L * 86'400;  // a clock set beyond it lets the timer run out, which wakes as well

}  // namespace

Result<ClockAlarm> ClockAlarm::open() {
  ClockAlarm alarm{Fd(::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK))};
  if (!alarm.timer_.valid()) return fail_errno("watching for the clock being set: timerfd_create");
  TRY(alarm.arm());
  return alarm;
}

Result<void> ClockAlarm::arm() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  itimerspec until{};
  until.it_value.tv_sec = now.tv_sec + kFarAway_s;
  if (::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &until, nullptr) != 0)
    return fail_errno("watching for the clock being set: timerfd_settime");
  return {};
}

bool ClockAlarm::was_set() {
  std::uint64_t expirations = 0;
  const ssize_t got = ::read(timer_.get(), &expirations, sizeof expirations);
  if (got < 0 && errno != ECANCELED) return false;
  if (!arm().ok()) timer_.reset();  // the periodic look remains
  return true;
}

}  // namespace netsampler::capture
