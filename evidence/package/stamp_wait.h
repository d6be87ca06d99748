// An export's place in the box log, and its time stamp: the package should hold a token over its own custody record, which the stamping
// program fetches within about a minute.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "evidence/base/result.h"

namespace netsampler {

class LedgerClient;

struct LogPlace {
  std::uint64_t size = 0;  // leaves of the checkpoint that goes along; 0: the box log is damaged, none does
  bool stamped = false;    // a token covers it
  std::string trouble;     // why the package is without log, or its end without a stamp; empty: nothing is amiss
};

// Seconds waited so far, once a second.
using WaitProgress = std::function<void(std::int64_t waited_s)>;

// Logs every head that has moved, then waits until a token covers them all, `wait_ms` at most (0: does not wait). Only the ledger's silence
// is an error: a log that is damaged and an authority that is not reached are told in `trouble`, and the export goes on without.
Result<LogPlace> take_log_place(LedgerClient& ledger, std::int64_t wait_ms, const WaitProgress& progress, bool renew = false);

}  // namespace netsampler
