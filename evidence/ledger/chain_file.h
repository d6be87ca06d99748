// The growing end of one chain or book: the only code that appends to chain.jsonl, book.jsonl and their private.jsonl.
// Invariants of the disk, after a cut at any instruction:
//   every whole line is a signed record whose `prev` is the line before it;
//   every opening of an acknowledged record is there; in a book, of every whole record;
//   what lies behind the last newline, openings of a seq beyond the last record, and records whose openings are not all there were never acknowledged.
// The first failed write or sync is sticky: nobody knows what the disk holds, so nothing more is appended through this object.
#pragma once
#include <functional>

#include "evidence/base/file_system.h"
#include "evidence/ledger/box_clock.h"
#include "evidence/format/private.h"
#include "evidence/ledger/index.h"

namespace netsampler {

using SealedSink = std::function<void(const IndexEntry&)>;                        // told after each sync; must not fail
using SealLine = std::function<Result<std::string>(Json)>;                         // signs an unsigned record

struct ChainPosition {
  std::int64_t next_seq = 0;
  Hash head{};  // zeros before the first record
  std::int64_t bytes = 0;
  ChainTimes times;
};

// What is durable first, the openings or the line? In a book the openings: it goes on after a cut, and a record without its openings would
// stay in it for ever. A recording does not go on: there both are synced at the same time, and only what has both is acknowledged.
enum class SyncOrder { openings_first, together };

class ChainFile {
 public:
  // `name` is "chain.jsonl" or "book.jsonl" in `directory`, which exists; both files are made where absent, durably.
  static Result<ChainFile> open(FileSystem& disk, const std::string& directory, const std::string& name,
                                const ChainPosition& position, SealedSink sink, SyncOrder order);
  // What could be refused is refused here, before the first byte is written: profile, sizes, signature form.
  Result<void> check(Envelope envelope, const Json& body, const Json& opened, const SealLine& seal) const;
  // openings and line → synced → sink. `envelope` has all but seq, prev and the private members.
  Result<std::int64_t> append(Envelope envelope, const Json& body, const Json& opened, const SealLine& seal);

  // From now on what is appended waits here, unwritten, and its number is worth nothing yet, until settle() writes and syncs all of it in the
  // same order and tells the sink. After that append syncs for itself again.
  void hold() { holding_ = true; }
  Result<void> settle();
  // The same for several chains with one wait for the disk; one outcome for each, in their order.
  static std::vector<Result<void>> settle_all(FileSystem& disk, const std::vector<ChainFile*>& chains);

  const ChainPosition& position() const { return position_; }
  std::string head_hex() const { return hex_of(position_.head); }
  Result<void> usable() const;              // the sticky error, if any
  Error stop(Error error);                  // makes `error` sticky and returns it

 private:
  struct Draft {
    std::string line;
    Openings openings;
  };
  Result<Draft> draft(Envelope envelope, const Json& body, const Json& opened, const SealLine& seal) const;
  struct Waiting {
    Record record;
    Json opened;
    std::string head;
    std::int64_t end_bytes = 0;
  };
  Result<void> write();
  std::vector<AppendFile*> unsynced() const;  // what write() left to sync
  Result<void> settled(const Result<void>& synced);
  FileSystem* disk_ = nullptr;
  SyncOrder order_ = SyncOrder::openings_first;
  ChainPosition position_;
  ChainPosition settled_;  // before what waits
  SealedSink sink_;
  std::unique_ptr<AppendFile> chain_, private_;
  std::optional<Error> broken_;
  bool holding_ = false;
  std::string lines_, openings_;  // not yet written
  std::vector<Waiting> waiting_;  // the records of lines_
};

}  // namespace netsampler
