// A recording that its ledger's death cut off, as a new chain goes on from it: the recorder lived on and holds the pictures since.
// Reads the old chain and changes nothing in it: its seed is gone, nobody can extend it.
#pragma once
#include <map>

#include "evidence/base/clock.h"
#include "evidence/ledger/recovery.h"

namespace netsampler {

inline constexpr std::int64_t kResumeWithinUs = 600'000'000;  // of its last record; what a recorder can hold back is minutes

struct Resumption {
  Json member;  // `resumes` of the new `open`
  std::string kind, case_tag, display;
  std::map<std::string, std::int64_t> sealed;  // source → its segments that the old chain holds
};

// `invalid` where nothing may resume it: closed, damaged, of another boot, or cut off too long ago; `not_found`: no such recording.
Result<Resumption> read_resumption(const FileSystem& disk, const EvidenceRoots& roots, const std::string& recording, const Clock& clock);

}  // namespace netsampler
