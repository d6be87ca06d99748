// A case on a box that keeps a log and has it stamped: what the sound package of case_maker.h is once all is there.
#pragma once
#include "evidence/format/tlog_tree.h"
#include "tests/evidence/verify/authority.h"
#include "tests/evidence/verify/case_maker.h"

namespace netsampler::test {

// Bends in the making; everything else is done to the files afterwards.
struct LogPlan {
  std::int64_t clock_jump_us = 0;   // of the box's UTC, between the first token and the recordings
  std::int64_t token_late_us = 2'000'000;  // the last token's genTime, behind the last record
  bool beacon = true;               // recordings name the first token
  bool log_unboxing = true;         // its heads are logged
  bool rewrite_unboxing = false;    // after it was logged, it was recorded once more
  bool second_authority = false;    // stamps the last checkpoint too
  bool witness = false;             // cosigned the last checkpoint before it was stamped
  bool late_witness = false;        // cosigned it afterwards
  bool rotated = false;             // the box got a new key before the export
  bool younger = false;             // the box got a new key before the case, but after the first token
  std::int64_t renewed_us = 0;      // UTC: all tokens became leaves, and the authority 2 stamped the checkpoint over them
  bool renewal_covers = true;       // otherwise the leaves of tokens were left out
};

struct LoggedCase {
  Files package;
  Policy policy;  // of that box, with all keys it had, and the first authority
};

const Authority& authority(int number);  // the same for all tests; 0 and 1 end in 2040, 2 in 2070
SigningKey witness_key();
inline constexpr const char* kWitness = "witness.example/w1";
LoggedCase logged_case(const LogPlan& plan = {});
// The leaf checkpoint numbers of it: 1 (the beacon's), then kLastSize.
inline constexpr int kLastSize = 8;

}  // namespace netsampler::test
