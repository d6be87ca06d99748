// Holds a package's log and chains against what was kept outside of it (`--witness`). Only what concerns a box of this scope can
// be compared; the rest is a note, so that one may give all checkpoints that one has.
#pragma once
#include <functional>
#include <span>

#include "evidence/verify/job.h"
#include "evidence/verify/log_check.h"

namespace netsampler::verify {

class OutsideCheck {
 public:
  OutsideCheck(Job& job, const LogInterest& interest);
  // Each leaf hash of the log here, in its order; `root`: of the tree that ends with it.
  void grown(std::uint64_t size, const Hash& leaf, const std::function<Hash()>& root);
  // The log here ends, or there is none: what was not compared is told.
  void finish();
  // Those whose root the log here has: their cosignatures count like those of the package's own checkpoints.
  const std::vector<const Outside*>& held() const { return held_; }

 private:
  void unused(const Outside& one, const std::string& why);
  Job& job_;
  std::vector<const Outside*> by_size_, by_index_, held_;
  std::size_t next_size_ = 0, next_index_ = 0;
};

// The heads that proofs from outside tell of one chain, by seq.
std::vector<const Outside*> outside_heads_of(const Job& job, const Hash& tag);

}  // namespace netsampler::verify
