// The box log's writer: data/log/ in tlog-tiles layout (evidence/format/tlog.h). Invariants of the disk, after a cut at any instruction:
//   log/checkpoint and each log/checkpoints/<size> are whole and signed; every tile and bundle of the newest one is there (the files of
//   an older one are there, or the full tile that begins with them); what no checkpoint covers was never acknowledged, and the start takes it
//   away: the tiles of an attempt that a cut ended are of other leaves than those that come now, and would contradict them.
// Procedure: new tiles → checkpoints/<size> → checkpoint, each synced before the next. A checkpoint is only ever followed by one of a tree
// that extends it: where a cut left checkpoints/<size> without checkpoint, that one counts. The first failed write is sticky.
// Owned by the ledger's one thread. Reading it needs nothing of this object.
#pragma once
#include <map>
#include <set>

#include "evidence/base/file_system.h"
#include "evidence/format/tlog_tree.h"

namespace netsampler {

// A log as read from the disk, all of it checked: entries against tiles, tiles against the newest checkpoint, that one's signature.
struct ReadLog {
  LogTree tree;
  std::string checkpoint;  // the newest one's text; empty at size 0
  std::set<Hash> heads;    // of all leaves
};
// `every_checkpoint`: the older ones too, so that no two of them tell of different logs. Absent log: the empty one.
// `boxes`: all keys that the box has had; each checkpoint is signed by one of them.
Result<ReadLog> read_box_log(const FileSystem& disk, const std::string& root, const std::vector<PublicKey>& boxes, bool every_checkpoint);

class BoxLog {
 public:
  BoxLog(FileSystem& disk, std::string root, const SigningKey& box);
  // Reads what is there, ends what a cut left half-way. Damage is sticky, not an error: the box records on, its log has stopped.
  // `earlier`: keys that the box had before this one.
  void recover(const std::vector<PublicKey>& earlier = {});

  bool knows(const Hash& head) const { return heads_.contains(head); }
  void owe(const LogLeaf& leaf);  // the newest head of each tag is logged by the next flush
  bool owes() const;              // a head of a chain: leaves of tokens wait for one, or each stamp would ask for the next
  Result<void> flush();           // all that is owed, in the order of tags; durable, with its checkpoint, on return. Nothing where !owes()
  // A witness's signature line (without newline) joins checkpoints/<size>; the one that is there stays. Form alone is checked.
  // `not_found`: no such checkpoint. `invalid`: not the line of a cosignature. `full`: sixteen stand there.
  Result<void> cosign(std::uint64_t size, const std::string& line);
  Result<void> flush_tokens();    // the same, also where only leaves of tokens wait

  Result<Bytes> read_tile(const TileName& tile) const;  // of hashes, as in a tree that is not larger than this one
  std::uint64_t size() const { return tree_.size(); }
  const std::string& checkpoint() const { return checkpoint_; }
  const std::string& root() const { return root_; }
  Result<void> usable() const;
  Error stop(Error error);  // makes it sticky and returns it

 private:
  Result<void> load(const std::vector<PublicKey>& boxes);
  Result<void> drop_uncovered();
  Result<void> write_owed();
  Result<void> write_tiles(const LogTree& next, const std::vector<TileText>& full);
  Result<void> write_checkpoint(std::uint64_t size, const std::string& note);
  Result<void> write_cosigned(std::uint64_t size, const std::string& note);
  void drop_partials(const std::vector<TileText>& full);

  FileSystem& disk_;
  std::string root_;
  const SigningKey& box_;
  LogTree tree_;
  std::string checkpoint_;
  std::set<Hash> heads_;
  std::map<Hash, LogLeaf> owed_;  // by tag
  std::optional<Error> broken_;
};

}  // namespace netsampler
