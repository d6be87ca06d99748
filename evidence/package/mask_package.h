// A package made from another one, in which more is withheld: `netsampler mask`. Away from the box it stays unsigned (`package-unsigned`) and all else
// proves itself as before; on the box that made it, the case's book gets a custody record `mask` and the box signs.
#pragma once
#include "evidence/package/package.h"

namespace netsampler {

struct MaskRequest {
  std::string package;            // its directory
  std::string profile = "full";   // full: nothing beyond the rules
  MaskRules rules;
  std::string by;                 // account id of who masks
  std::string out_directory;      // the new package becomes <out_directory>/<case>, which must not be there
  std::string software_version;
};

// `ledger` nullptr: unsigned. The book is the original's; withheld.jsonl names the original by its hash and keeps what was declared before. The same original,
// profile and rules give the same bytes. Files below data/ that are neither case, recording nor log are derived ones and stay out; further tag files too.
// `usage` a rule that withholds nothing, no profile and no rule; `invalid` no package, or files, manifests and signature do not fit each other
// (verify it first), or, with a ledger, not signed by its box; `busy` there is something at the target. On failure nothing is left there.
Result<ExportedPackage> mask_package(FileSystem& disk, LedgerClient* ledger, const MaskRequest& request, const ExportProgress& progress);

}  // namespace netsampler
