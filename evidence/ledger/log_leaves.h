// From sealed records to leaves of the box log. Learns each chain's tag from its first record.
#pragma once
#include <map>

#include "evidence/format/tlog.h"
#include "evidence/ledger/index.h"

namespace netsampler {

class LogLeaves {
 public:
  // The leaf that tells of this record as its chain's head. Nothing for a chain whose first record was not seen, and nothing for a `token`
  // record: a time stamp that made the log grow would ask for the next one for ever (the book's next leaf covers it).
  std::optional<LogLeaf> leaf_of(const IndexEntry& entry);
  // The same for a head on the disk; `first` is its chain's first record. `invalid`: that is no open or case_open.
  Result<LogLeaf> leaf_of(const Record& first, const ChainEnd& end);

 private:
  struct Tags {
    Hash tag{}, case_tag{};
  };
  Result<Tags> learn(const Record& first);
  std::map<std::pair<ChainKind, std::string>, Tags> known_;
};

// The first record of a chain or book, read without the rest. Nothing where there is no whole line yet.
Result<std::optional<Record>> first_record(const FileSystem& disk, const std::string& path);

}  // namespace netsampler
