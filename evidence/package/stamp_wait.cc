#include "evidence/package/stamp_wait.h"

#include <poll.h>

#include "evidence/base/clock.h"
#include "evidence/ledger/client.h"

namespace netsampler {
namespace {

constexpr int kAskEveryMs = 200;

bool is_gone(const Error& error) { return error.kind == ErrorKind::unavailable; }

std::uint64_t count_of(const Json& state, const char* member) { return static_cast<std::uint64_t>(int_or(state, member, 0)); }

// The token may be on a later checkpoint than ours, when another case has been logged meanwhile: that one goes along then.
bool take_stamp(const Json& state, LogPlace& place) {
  const std::uint64_t stamped = count_of(state, "stamped");
  if (stamped < place.size) return false;
  place = {stamped, true, ""};
  return true;
}

}  // namespace

Result<LogPlace> take_log_place(LedgerClient& ledger, std::int64_t wait_ms, const WaitProgress& progress, bool renew) {
  const auto logged = ledger.log_flush(renew);
  if (!logged.ok() && is_gone(logged.error())) return Error(logged.error());
  if (!logged.ok()) return LogPlace{0, false, logged.error().text};
  LogPlace place{count_of(*logged, "size"), false, "the newest records have no time stamp yet"};
  if (take_stamp(*logged, place)) return place;
  const SystemClock clock;
  const std::int64_t begun_us = clock.boot_us();
  for (std::int64_t waited_s = 0, told_s = -1; waited_s * 1000 < wait_ms; waited_s = (clock.boot_us() - begun_us) / 1'000'000) {
    const Json state = TRY(ledger.log_state());
    if (take_stamp(state, place)) return place;
    if (waited_s > told_s && progress) progress(told_s = waited_s);
    ::poll(nullptr, 0, kAskEveryMs);  // the ledger answers; it does not call
  }
  return place;
}

}  // namespace netsampler
