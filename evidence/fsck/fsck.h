// The check of a whole box: every file that chains and books name, the chains themselves, the box log and its tokens, by the verifier's
// own procedures. Reads only; what it finds goes to the ledger, once: a `finding` (code damaged) in the book of each case that the
// recording belongs to, else in the box's own; at the end a `check` in the box's book. A run that is stopped goes on where it stood.
#pragma once
#include "evidence/fsck/damage.h"
#include "evidence/fsck/paced_disk.h"

namespace netsampler {

struct FsckOrder {
  std::string data_root;           // STATE/data
  std::string position;            // the file that remembers how far a round has come; lost: the round begins anew
  std::vector<std::string> cases;  // only these and their recordings: no round, nothing remembered; empty: the whole box
  std::int64_t rate_bytes_per_s = 20'000'000;
  std::string software_version;
};

struct FsckOutcome {
  std::int64_t files = 0, bytes = 0;       // of the round so far
  std::int64_t damaged = 0, recorded = 0;  // found in the round so far; of those, put into a book by it (the others stood there already)
  std::vector<Damage> damages;             // found by this run, 1000 at most
  bool whole = false;                      // the round is over and its `check` is in the box's book
};

// Appends a record to a book, through the ledger.
using AppendToBook = std::function<Result<void>(const std::string& book, const std::string& type, const Json& body)>;
using FsckProgress = std::function<void(std::int64_t done_bytes, std::int64_t total_bytes)>;

// `disk` holds data; `own` takes the position file. An Error of `hold_up` stops the run: the outcome then is not whole.
// Errors: `io` where the disk cannot even list what is there, `not_found` for an unknown case, the ledger's where it does not record.
Result<FsckOutcome> fsck(const FileSystem& disk, FileSystem& own, const FsckOrder& order, const Clock& clock, const HoldUp& hold_up,
                         const AppendToBook& append, const FsckProgress& progress);

}  // namespace netsampler
