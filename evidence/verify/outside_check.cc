#include "evidence/verify/outside_check.h"

#include <algorithm>

namespace netsampler::verify {

OutsideCheck::OutsideCheck(Job& job, const LogInterest& interest) : job_(job) {
  for (const Outside& one : job.outside) {
    const bool is_ours = interest.keys.contains(one.box);
    if (!is_ours) {
      unused(one, "of the log of another box");
      continue;
    }
    by_size_.push_back(&one);
    if (one.is_proof && !one.leaf) by_index_.push_back(&one);
    const bool concerns = !one.leaf || interest.tags.contains(one.leaf->tag) || interest.cases.contains(one.leaf->case_tag);
    if (!concerns) unused(one, "its leaf is of another case");
  }
  std::ranges::stable_sort(by_size_, {}, [](const Outside* one) { return one->checkpoint.size; });
  std::ranges::stable_sort(by_index_, {}, [](const Outside* one) { return one->index; });
}

void OutsideCheck::grown(std::uint64_t size, const Hash& leaf, const std::function<Hash()>& root) {
  for (; next_index_ < by_index_.size() && by_index_[next_index_]->index + 1 == size; ++next_index_) {
    const Outside& one = *by_index_[next_index_];
    if (!inclusion_holds(one.index, one.checkpoint.size, leaf, one.hashes, one.checkpoint.root))
      job_.report.add(Reason::witness_contradicts, one.name, "leaf " + std::to_string(one.index) + " is another here");
  }
  for (; next_size_ < by_size_.size() && by_size_[next_size_]->checkpoint.size == size; ++next_size_) {
    const Outside& one = *by_size_[next_size_];
    if (one.checkpoint.root == root())
      held_.push_back(&one);
    else
      job_.report.add(Reason::witness_contradicts, one.name, "the log here has another root at size " + std::to_string(size));
  }
}

void OutsideCheck::finish() {
  for (; next_size_ < by_size_.size(); ++next_size_) {
    const Outside& one = *by_size_[next_size_];
    const bool compared = one.leaf || (one.is_proof && std::find(by_index_.begin() + static_cast<std::ptrdiff_t>(next_index_),
                                                                 by_index_.end(), &one) == by_index_.end());
    if (!compared) unused(one, "of size " + std::to_string(one.checkpoint.size) + ", beyond the log here");
  }
}

void OutsideCheck::unused(const Outside& one, const std::string& why) { job_.report.add(Reason::witness_unused, one.name, why); }

std::vector<const Outside*> outside_heads_of(const Job& job, const Hash& tag) {
  std::vector<const Outside*> heads;
  for (const Outside& one : job.outside)
    if (one.leaf && one.leaf->tag == tag) heads.push_back(&one);
  std::ranges::stable_sort(heads, {}, [](const Outside* one) { return one->leaf->seq; });
  return heads;
}

}  // namespace netsampler::verify
