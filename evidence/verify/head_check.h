// Holds a chain's lines against what the box's log said of it: each head in the log must be a line of the chain, the log must not
// know a later one (nor a proof from outside), the first token over a line must not be earlier than the line's own time, the last line must be stamped.
#pragma once
#include "evidence/verify/box_log.h"
#include "evidence/verify/job.h"

namespace netsampler::verify {

struct ChainTime {  // 0: not known
  std::int64_t not_before_us = 0;  // genTime of the token that `open.beacon` names
  std::int64_t not_after_us = 0;   // genTime of the first token over the chain's last line
};

class HeadCheck {
 public:
  HeadCheck(Job& job, const std::string& path) : job_(job), path_(path) {}
  void begin(const Record& first);  // the chain's first record, whatever it is; before its `take`
  void take(const Envelope& head, const Hash& line);
  ChainTime finish(std::int64_t last_seq);

 private:
  void compare(const Envelope& head, const Hash& line, const LoggedHead& logged);
  void compare_outside(const Envelope& head, const Hash& line);
  void finish_log(std::int64_t last_seq);
  void beacon(const Record& first);
  void stamp_of_end();
  Job& job_;
  const std::string path_;
  std::span<const LoggedHead> heads_;  // not yet met
  std::vector<const Outside*> outside_;  // heads that proofs from outside tell, by seq
  std::size_t next_outside_ = 0;
  const LoggedHead* last_ = nullptr;   // the last that was met and fits
  ChainTime time_;
};

}  // namespace netsampler::verify
