#include "evidence/verify/head_check.h"

#include "evidence/base/clock.h"
#include "evidence/format/names.h"
#include "evidence/verify/outside_check.h"

namespace netsampler::verify {

void HeadCheck::begin(const Record& first) {
  const auto tag = chain_tag(string_or(first.body, "nonce", ""), first.head.owner);
  if (tag.ok()) outside_ = outside_heads_of(job_, *tag);
  if (job_.log == nullptr) return;
  if (tag.ok()) heads_ = job_.log->heads_of(*tag);
  if (first.head.chain == ChainKind::recording && !job_.log->stamps.empty()) beacon(first);
}

// The recording is younger than the token that its first record names.
void HeadCheck::beacon(const Record& first) {
  const auto hash = hash_from_hex(string_or(first.body, "beacon", ""));
  const Stamp* stamp = hash.ok() ? job_.log->find(*hash) : nullptr;
  const std::string where = at_seq(path_, 0);
  if (stamp == nullptr) return job_.report.add(Reason::no_beacon, where, hash.ok() ? "the token it names is not here" : "");
  if (!stamp->authority) return;
  time_.not_before_us = stamp->gen_time_us;
  if (stamp->gen_time_us - stamp->slack_us > first.head.at_us + first.head.err_us)
    job_.report.add(Reason::time_contradicts, where, "a token that it names is of " + beijing_time(stamp->gen_time_us));
}

void HeadCheck::take(const Envelope& head, const Hash& line) {
  while (!heads_.empty() && heads_.front().seq < head.seq) {
    job_.report.add(Reason::log_contradicts, at_seq(path_, heads_.front().seq), "no such line");
    heads_ = heads_.subspan(1);
  }
  for (; !heads_.empty() && heads_.front().seq == head.seq; heads_ = heads_.subspan(1)) compare(head, line, heads_.front());
  compare_outside(head, line);
}

void HeadCheck::compare_outside(const Envelope& head, const Hash& line) {
  for (; next_outside_ < outside_.size() && outside_[next_outside_]->leaf->seq <= head.seq; ++next_outside_) {
    const Outside& one = *outside_[next_outside_];
    const bool same = one.leaf->seq == head.seq && one.leaf->head == line;
    if (!same) job_.report.add(Reason::witness_contradicts, at_seq(path_, one.leaf->seq), one.name + " has another line");
  }
}

void HeadCheck::compare(const Envelope& head, const Hash& line, const LoggedHead& logged) {
  const std::string where = at_seq(path_, head.seq);
  if (logged.head != line)
    return job_.report.add(Reason::log_contradicts, where, "another line in leaf " + std::to_string(logged.leaf));
  if (last_ == nullptr || last_->seq != logged.seq) last_ = &logged;
  const Stamp* stamp = job_.log->first_over(logged.leaf);
  if (stamp != nullptr && head.at_us - head.err_us > stamp->gen_time_us + stamp->slack_us)
    job_.report.add(Reason::time_contradicts, where, "stamped before, " + beijing_time(stamp->gen_time_us));
}

ChainTime HeadCheck::finish(std::int64_t last_seq) {
  for (; next_outside_ < outside_.size(); ++next_outside_)
    job_.report.add(Reason::witness_contradicts, path_,
                    outside_[next_outside_]->name + " knows record " + std::to_string(outside_[next_outside_]->leaf->seq) +
                        ", the last here is " + std::to_string(last_seq));
  if (job_.log != nullptr) finish_log(last_seq);
  return time_;
}

void HeadCheck::finish_log(std::int64_t last_seq) {
  if (!heads_.empty())
    job_.report.add(Reason::log_contradicts, path_,
                    "the log knows record " + std::to_string(heads_.back().seq) + ", the last here is " + std::to_string(last_seq));
  if (last_ != nullptr && last_->seq != last_seq) last_ = nullptr;
  if (!job_.log->stamps.empty()) stamp_of_end();
}

void HeadCheck::stamp_of_end() {
  if (last_ == nullptr) return job_.report.add(Reason::unstamped, path_, "its last record is not in the log");
  if (!job_.log->any_over(last_->leaf)) return job_.report.add(Reason::unstamped, path_, "no token over its last record");
  const bool wants_witnesses = job_.policy != nullptr && job_.policy->quorum > 0;
  if (wants_witnesses && job_.log->witnessed <= last_->leaf) job_.report.add(Reason::witness_quorum, path_);
  const Stamp* stamp = job_.log->first_over(last_->leaf);
  if (stamp == nullptr) return;  // stamped, by an authority that the policy does not know: said of the token
  time_.not_after_us = stamp->gen_time_us;
  if (time_.not_before_us > time_.not_after_us + 2 * stamp->slack_us)
    job_.report.add(Reason::time_contradicts, path_, "stamped before the token that its opening names");
  const std::int64_t authorities = job_.log->authorities_over(last_->leaf);
  if (authorities < job_.policy->tsa_quorum) job_.report.add(Reason::tsa_quorum, path_, std::to_string(authorities));
}

}  // namespace netsampler::verify
