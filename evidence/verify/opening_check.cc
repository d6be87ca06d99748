#include "evidence/verify/opening_check.h"

#include "evidence/format/private.h"
#include "evidence/verify/withheld.h"

namespace netsampler::verify {
namespace {

class OpeningCheck {
 public:
  OpeningCheck(Job& job, const std::string& path, const Commitments& commitments)
      : job_(job), path_(path), commitments_(commitments) {}

  void line(std::string_view text) {
    ++line_;
    const auto opening = parse_opening(text);
    if (!opening.ok()) return job_.report.add(Reason::opening_form, here(), opening.error().text);
    if (opening->seq != seq_) begin(opening->seq);
    if (opening->index != static_cast<std::int64_t>(leaves_.size()) || (!opening->withheld && opening->field <= field_))
      return job_.report.add(Reason::opening_form, here(), "out of order");
    field_ = opening->field;
    declared(*opening);
    leaves_.push_back(opening->leaf);
  }

  void finish(const LinesEnd& end) {
    begin(-1);
    if (end.too_long) job_.report.add(Reason::opening_form, here(), "a line over 64 KiB");
    if (end.torn_bytes > 0 && !commitments_.open_ended) job_.report.add(Reason::opening_form, path_, "the last line is torn");
    if (!withheld_.empty()) job_.report.add(Reason::withheld, path_, text_of(withheld_));
    for (const auto& [seq, commitment] : commitments_.by_seq)
      if (!opened_.contains(seq)) ++missing_;
    if (missing_ > 0) job_.report.add(Reason::private_missing, path_, std::to_string(missing_) + " records");
  }

 private:
  std::string here() const { return path_ + " line " + std::to_string(line_); }

  // Is it as the list of what is withheld says?
  void declared(const Opening& opening) {
    const auto* reason = job_.withheld != nullptr ? job_.withheld->reason_of(path_, opening.seq, opening.index) : nullptr;
    if (opening.withheld) ++withheld_[reason != nullptr ? *reason : ""];
    if (!opening.withheld && reason != nullptr) job_.report.add(Reason::withheld_present, here(), *reason);
  }

  // The group of `seq_` is whole: check it; then begin the next.
  void begin(std::int64_t next) {
    if (seq_ >= 0) check_group();
    if (next >= 0 && next <= seq_) job_.report.add(Reason::opening_form, here(), "out of order");
    seq_ = next;
    field_.clear();
    leaves_.clear();
  }

  void check_group() {
    const auto found = commitments_.by_seq.find(seq_);
    const std::string where = path_ + " seq " + std::to_string(seq_);
    const bool may_be_ahead = commitments_.open_ended && seq_ > commitments_.last_seq;
    if (found == commitments_.by_seq.end()) {
      if (!may_be_ahead) job_.report.add(Reason::opening_stray, where);
      return;
    }
    opened_.insert(seq_);
    const auto count = static_cast<std::int64_t>(leaves_.size());
    if (count < found->second.count)
      ++missing_;
    else if (count > found->second.count || merkle_root(leaves_) != found->second.root)
      job_.report.add(Reason::opening_root, where);
  }

  Job& job_;
  const std::string& path_;
  const Commitments& commitments_;
  std::int64_t line_ = 0, seq_ = -1, missing_ = 0;
  WithheldCounts withheld_;
  std::string field_;
  std::vector<Hash> leaves_;
  std::set<std::int64_t> opened_;
};

}  // namespace

Result<void> check_openings(Job& job, const std::string& path, const Commitments& commitments) {
  OpeningCheck check(job, path, commitments);
  LinesEnd end;
  if (job.tree.has(path)) {
    end = TRY(job.tree.lines(path, [&](std::string_view line) {
      check.line(line);
      return Result<void>();
    }));
  }
  check.finish(end);
  return {};
}

}  // namespace netsampler::verify
