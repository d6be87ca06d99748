// The index as the ledger keeps it: rows that follow from records and their openings alone, so that a rebuild gives the same rows.
// Owned by the ledger's one thread. A failed write costs a rebuild, never evidence: the record it stands for is already sealed.
#pragma once
#include <functional>

#include "evidence/base/file_system.h"
#include "evidence/format/record.h"
#include "evidence/ledger/database.h"

namespace netsampler {

struct ChainEnd {
  std::int64_t last_seq = -1;
  std::string head;       // hex
  std::int64_t bytes = 0;  // of whole lines
};

// One record as it goes in: parsed, its openings as field → value, its line's hash, the file's size after it.
struct IndexEntry {
  const Record& record;
  const Json& opened;
  std::string head;
  std::int64_t end_bytes = 0;
};

class Index {
 public:
  // Opens or makes it; a file of another schema, or none of SQLite's, is dropped and made anew (and then behind the chains).
  static Result<Index> open(FileSystem& disk, const std::string& path);

  // Rows are seen by this object at once, by other readers after flush(), which syncs all that were put since the last one.
  // A failure loses them all: then the index is behind the chains.
  Result<void> put(const IndexEntry& entry);
  Result<void> flush();
  // Everything dropped and put again by `refill`, in one transaction: readers see the old rows until the end.
  Result<void> rebuild(const std::function<Result<void>(Index&)>& refill);

  Result<std::optional<ChainEnd>> end_of(ChainKind chain, const std::string& id) const;
  Result<std::vector<std::string>> chain_ids(ChainKind chain) const;
  Result<bool> interruption_known(const std::string& recording) const;
  Result<std::string> case_of_tag(const std::string& tag) const;  // empty where no book has it
  Result<bool> is_included(const std::string& case_id, const std::string& recording) const;
  struct Due {
    std::string case_id, recording, why;  // why: officer, recovery, waybill
  };
  Result<std::vector<Due>> due() const;                      // what belongs together and is not included yet
  Result<std::vector<std::string>> unclaimed() const;        // ended recordings that no book includes
  Result<bool> is_closed(const std::string& recording) const;
  struct Opened {
    std::string kind, case_tag;
  };
  Result<Opened> opened(const std::string& recording) const;  // `not_found` where its chain has no `open`
  Result<std::int64_t> case_count() const;
  Result<std::string> dump() const;                          // every row as text, in key order: equal text, equal index

 private:
  explicit Index(Database database) : database_(std::move(database)) {}
  Result<void> undo(Error why);
  Database database_;
  bool grouping_ = false;  // a transaction is open
};

}  // namespace netsampler
