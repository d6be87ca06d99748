// The index brought up to the chains, and what an interruption left, said in a book. Start-up, a failed chain and the request
// `rebuild_index` use these same functions.
#pragma once
#include "evidence/ledger/books.h"

namespace netsampler {

struct EvidenceRoots {
  std::string recordings, cases;
  explicit EvidenceRoots(const std::string& data) : recordings(data + "/recordings"), cases(data + "/cases") {}
};

// Directories below recordings/ or cases/ whose names are ids; others are passed over.
Result<std::vector<std::string>> ids_on_disk(const FileSystem& disk, const EvidenceRoots& roots, ChainKind chain);

// Rows for what the chains hold beyond the index: nothing after a stop in good order, a moment's records after a crash. Compares the
// ends, and reads whole only chains that look longer. False where a chain is not the one that was indexed: then rebuild.
Result<bool> catch_up(const FileSystem& disk, const EvidenceRoots& roots, Index& index);

// Every row anew from data/; the number of records read. A chain that is damaged is indexed up to its damage.
Result<std::int64_t> rebuild_index(const FileSystem& disk, const EvidenceRoots& roots, Index& index);

// The `finding` (code `interrupted`) of a recording that has no close and no writer any more, in the book of its case or else in the
// box's: where it stopped (last whole record, torn bytes and their hash), why, files that no record names (at most 100, `count` is their
// number). Writes nothing into the recording. `cause`: disk-failed or keys-ended, which only its writer knows; empty: of a writer that is
// gone, process-died or restarted, as the boot of the last record says. Returns the record's body.
Result<Json> declare_interrupted(const FileSystem& disk, const EvidenceRoots& roots, const std::string& recording, Books& books,
                                 const Index& index, const std::string& present_boot, const std::string& cause);

}  // namespace netsampler
