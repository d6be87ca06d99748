// Do the openings in private.jsonl agree with what the records committed to?
#pragma once
#include <map>
#include <string>
#include <vector>

#include "evidence/format/private.h"
#include "evidence/verify/job.h"
#include "evidence/verify/withheld.h"

namespace netsampler::verify {

struct Commitment {
  std::int64_t count = 0;
  Hash root{};
  bool opened = false;  // a group with its seq was met
};

// The root over leaves that come one by one, in memory that grows with the logarithm of their number.
class LeafRow {
 public:
  void add(const Hash& leaf);
  std::int64_t size() const { return size_; }
  Hash root() const;  // RFC 6962; of at least one leaf
  void clear() { size_ = 0, peaks_.clear(); }

 private:
  std::int64_t size_ = 0;
  std::vector<Hash> peaks_;  // roots of the full trees that the row falls into, the largest first
};

// Both files are ordered by seq, so that a window of the records' commitments is held and no more: where it is full, private.jsonl is
// read on from where it was left and the older half settled. Within the window the
// order of either does not matter. Memory: kMostCommitments of about 100 bytes.
class OpeningCheck {
 public:
  static constexpr std::size_t kMostCommitments = 65'536;
  // `most`: the window; a test gives less.
  OpeningCheck(Job& job, std::string path, std::size_t most = kMostCommitments) : job_(job), path_(std::move(path)), most_(most) {}

  // Of a record of the chain, in the chain's order.
  Result<void> commit(std::int64_t seq, std::int64_t count, const Hash& root);
  // `open_ended`: interrupted, or a book: an opening without its record may stand at the very end, behind `last_seq`.
  Result<void> finish(std::int64_t last_seq, bool open_ended);

 private:
  std::string here() const { return path_ + " line " + std::to_string(lines_); }
  Result<LinesEnd> read_up_to(std::int64_t seq);
  void line(const Result<Opening>& opening);
  void declared(const Opening& opening);
  void end_group();
  void drop_up_to(std::int64_t seq);

  Job& job_;
  const std::string path_;
  const std::size_t most_;
  std::map<std::int64_t, Commitment> by_seq_;
  std::int64_t passed_bytes_ = 0;  // of the file: the lines that were looked at
  std::int64_t lines_ = 0, seq_ = -1, missing_ = 0, last_seq_ = -1;
  bool in_group_ = false, open_ended_ = false;  // open_ended_: known at the end
  WithheldCounts withheld_;
  std::string field_;
  LeafRow leaves_;
};

}  // namespace netsampler::verify
