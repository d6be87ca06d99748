#include "evidence/verify/opening_check.h"

#include <iterator>
#include <limits>
#include <utility>

namespace netsampler::verify {

void LeafRow::add(const Hash& leaf) {
  Hash peak = leaf;
  for (auto rest = static_cast<std::uint64_t>(size_); (rest & 1) != 0; rest >>= 1) {
    peak = node_hash(peaks_.back(), peak);
    peaks_.pop_back();
  }
  peaks_.push_back(peak);
  ++size_;
}

Hash LeafRow::root() const {
  Hash root = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i > 0; --i) root = node_hash(peaks_[i - 1], root);
  return root;
}

Result<void> OpeningCheck::commit(std::int64_t seq, std::int64_t count, const Hash& root) {
  by_seq_[seq] = {count, root};
  if (by_seq_.size() < most_) return {};
  const std::int64_t middle = std::next(by_seq_.begin(), static_cast<std::ptrdiff_t>(most_ / 2))->first;
  TRY(read_up_to(middle));
  drop_up_to(middle);
  return {};
}

Result<void> OpeningCheck::finish(std::int64_t last_seq, bool open_ended) {
  last_seq_ = last_seq;
  open_ended_ = open_ended;
  constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();
  const LinesEnd end = TRY(read_up_to(kAll));
  if (end.too_long) job_.report.add(Reason::opening_form, here(), "a line over 64 KiB");
  if (end.torn_bytes > 0) job_.report.add(open_ended ? Reason::orphan : Reason::opening_form, path_, "the last line is torn");
  if (!withheld_.empty()) job_.report.add(Reason::withheld, path_, text_of(withheld_));
  drop_up_to(kAll);
  if (missing_ > 0) job_.report.add(Reason::private_missing, path_, std::to_string(missing_) + " records");
  return {};
}

// From the first line that was not yet looked at to the last before one of a later record.
Result<LinesEnd> OpeningCheck::read_up_to(std::int64_t seq) {
  if (!job_.tree.has(path_)) return LinesEnd();
  bool enough = false;
  auto read = job_.tree.lines_from(path_, passed_bytes_, [&](std::string_view text) -> Result<void> {
    const auto opening = parse_opening(text);
    enough = opening.ok() && opening->seq > seq;
    if (enough) return fail(ErrorKind::full, "the rest comes later");
    passed_bytes_ += static_cast<std::int64_t>(text.size()) + 1;
    line(opening);
    return {};
  });
  end_group();
  if (enough) return LinesEnd();
  return read;
}

void OpeningCheck::line(const Result<Opening>& opening) {
  ++lines_;
  if (!opening.ok()) return job_.report.add(Reason::opening_form, here(), opening.error().text);
  if (opening->seq != seq_) {
    end_group();
    if (opening->seq <= seq_) job_.report.add(Reason::opening_form, here(), "out of order");
    seq_ = opening->seq;
    in_group_ = true;
  }
  if (opening->index != leaves_.size() || (!opening->withheld && opening->field <= field_))
    return job_.report.add(Reason::opening_form, here(), "out of order");
  field_ = opening->field;
  declared(*opening);
  leaves_.add(opening->leaf);
}

// Is it as the list of what is withheld says?
void OpeningCheck::declared(const Opening& opening) {
  const auto* reason = job_.withheld != nullptr ? job_.withheld->reason_of(path_, opening.seq, opening.index) : nullptr;
  if (opening.withheld) ++withheld_[reason != nullptr ? *reason : ""];
  if (!opening.withheld && reason != nullptr) job_.report.add(Reason::withheld_present, here(), *reason);
}

// The group of `seq_` is whole: does its record say the same?
void OpeningCheck::end_group() {
  if (!in_group_) return;
  in_group_ = false;
  const LeafRow leaves = std::exchange(leaves_, LeafRow());
  field_.clear();
  const std::string where = path_ + " seq " + std::to_string(seq_);
  const auto found = by_seq_.find(seq_);
  const bool may_be_ahead = open_ended_ && seq_ > last_seq_;
  if (found == by_seq_.end()) {
    if (!may_be_ahead) job_.report.add(Reason::opening_stray, where);
    return;
  }
  found->second.opened = true;
  if (leaves.size() < found->second.count)
    ++missing_;
  else if (leaves.size() > found->second.count || leaves.root() != found->second.root)
    job_.report.add(Reason::opening_root, where);
}

void OpeningCheck::drop_up_to(std::int64_t seq) {
  while (!by_seq_.empty() && by_seq_.begin()->first <= seq) {
    missing_ += by_seq_.begin()->second.opened ? 0 : 1;
    by_seq_.erase(by_seq_.begin());
  }
}

}  // namespace netsampler::verify
