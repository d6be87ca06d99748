// Writes a recording's answers through the ledger, while it goes on and afterwards; what has an answer gets no second one.
#pragma once
#include <functional>

#include "evidence/base/clock.h"
#include "evidence/corroborate/corroborator.h"

namespace netsampler::corroborate {

// The public members of a `corroboration`; those of a book have `recording` beside them.
Json body_of(const FactSeen& fact, const Outcome& outcome);

struct FollowOrder {
  std::string ledger;     // its socket
  std::string data;       // the box's data directory
  std::string recording;  // id
};
struct FollowTotals {
  std::int64_t pages = 0, facts = 0, agree = 0;
};

// Until every fact of the closed recording has its answer, or `stop` says so: then what is there is still looked at, once. `wait` holds for so
// many milliseconds at most, less where a stop comes. Errors: the ledger's, where it takes no record; `not_found` where the recording is
// closed and no case includes it.
Result<FollowTotals> follow(const FileSystem& disk, const FollowOrder& order, Corroborator& corroborator, const std::function<bool()>& stop,
                            const std::function<void(int wait_ms)>& wait, const std::function<void(const Json&)>& tell);

}  // namespace netsampler::corroborate
