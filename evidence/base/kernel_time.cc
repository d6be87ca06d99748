#include "evidence/base/kernel_time.h"

namespace netsampler {
namespace {

constexpr std::int64_t kNominalTick = 10'000;         // microseconds a tick, 100 ticks a second
constexpr std::int64_t kPpbEachTickMicrosecond = 100'000;
constexpr std::int64_t kFrequencyUnit = 65'536;       // timex counts ppm in 16.16

std::string leap_of(int state) {
  if (state == TIME_INS || state == TIME_OOP || state == TIME_WAIT) return "insert";
  return state == TIME_DEL ? "delete" : "normal";
}

}  // namespace

KernelTime kernel_time_from(const timex& said, int state) {
  KernelTime time;
  time.synchronised = state >= 0 && state != TIME_ERROR && (said.status & STA_UNSYNC) == 0;
  time.error_us = said.maxerror;
  time.offset_us = (said.status & STA_NANO) != 0 ? said.offset / 1000 : said.offset;
  time.frequency_ppb = std::int64_t{said.freq} * 1000 / kFrequencyUnit;
  if (said.tick != 0) time.frequency_ppb += (said.tick - kNominalTick) * kPpbEachTickMicrosecond;
  time.leap = leap_of(state);
  return time;
}

KernelTime kernel_time() {
  timex said{};
  const int state = ::ntp_adjtime(&said);
  return kernel_time_from(said, state);
}

}  // namespace netsampler
