// A box's log from its files: checkpoints by the box's key, one tree under all of them, the heads of this scope's chains, tokens,
// cosignatures. Before the chains are walked, so that each line can be held against what the log said of it.
#pragma once
#include "evidence/verify/box_log.h"
#include "evidence/verify/job.h"
#include "evidence/verify/scope.h"

namespace netsampler::verify {

// What of the log matters here: from the first lines of the scope's chains and books, which are checked later.
struct LogInterest {
  std::set<Hash> tags;       // of chains and books
  std::set<Hash> cases;      // tags of the books
  std::set<PublicKey> keys;  // box keys that they name, and those that came before or after by changes that hold
};
// `key_history` of an `open` or `case_open`, where it has one: does it hold, and end with the key that the record names?
bool earlier_keys_hold(const Json& body, const PublicKey& box_key);
Result<LogInterest> log_interest_of(const Tree& tree, const Scope& scope);

// `scope.log` must not be empty. What contradicts, lacks or is left over is in the report.
Result<BoxLog> check_log(Job& job, const Scope& scope);

}  // namespace netsampler::verify
