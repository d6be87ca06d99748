#include "evidence/verify/log_check.h"

#include <algorithm>

#include "evidence/verify/log_tree_check.h"
#include "evidence/verify/outside_check.h"
#include "evidence/verify/token_check.h"

namespace netsampler::verify {
namespace {

constexpr std::size_t kBytesACheckpoint = sizeof(SignedCheckpoint) + 100;
constexpr std::size_t kBytesOpened = 112;  // a pair in its set

class LogCheck {
 public:
  LogCheck(Job& job, LogFiles files, LogInterest interest)
      : job_(job), files_(std::move(files)), interest_(std::move(interest)), outside_(job, interest_) {}

  Result<BoxLog> run() {
    TRY(checkpoints());
    WantedLeaves tokens = TRY(token_leaves(job_, files_));
    log_.heads.reserve(std::min(job_.room.left_bytes() / sizeof(LoggedHead), files_.most_leaves()));  // it never moves; what is not used is not taken
    TRY(check_log_tree(job_, files_, checkpoints_, {outside_, tokens}, [&](std::uint64_t index, const std::string& text, const std::string& path) {
      return leaf(index, text, path);
    }));
    outside_.finish();
    std::erase_if(checkpoints_, [](const SignedCheckpoint& checkpoint) { return !checkpoint.holds; });
    for (const SignedCheckpoint& checkpoint : checkpoints_) log_.keys.insert(checkpoint.key);
    if (!checkpoints_.empty()) log_.size = checkpoints_.back().size;
    std::ranges::sort(log_.heads, {}, [](const LoggedHead& head) { return std::tie(head.tag, head.seq, head.leaf); });
    std::vector<Stamp> stamps = TRY(check_tokens(job_, files_, checkpoints_, tokens));
    log_.take_stamps(std::move(stamps));
    witnesses();
    return std::move(log_);
  }

 private:
  Result<void> checkpoints() {
    for (const std::string& path : files_.checkpoints) {
      if (job_.tree.files().at(path) > static_cast<std::int64_t>(kNoteBytes)) {
        job_.report.add(Reason::log_form, path);
        continue;
      }
      const Bytes bytes = TRY(job_.tree.read(path, kNoteBytes));
      TRY(job_.room.take(kBytesACheckpoint + bytes.size(), "checkpoints"));
      checkpoint(path, std::string(as_text(bytes)));
    }
    std::ranges::stable_sort(checkpoints_, {}, &SignedCheckpoint::size);
    if (files_.checkpoints.empty()) job_.report.add(Reason::log_missing, below(files_.base, "checkpoint"));
    return {};
  }

  void checkpoint(const std::string& path, const std::string& note) {
    for (const PublicKey& key : interest_.keys) {
      const auto opened = open_checkpoint(note, key);
      if (!opened.ok()) continue;
      const std::string name = below(files_.base, "checkpoints/" + std::to_string(opened->size));
      const bool named = path == name || path == below(files_.base, "checkpoint");
      if (!named || opened->size == 0) return job_.report.add(Reason::log_form, path, "its name tells another size");
      checkpoints_.push_back({opened->size, opened->root, key, note, path, false});
      return;
    }
    const bool is_note = parse_note(note).ok();
    job_.report.add(is_note ? Reason::log_signature : Reason::log_form, path);
  }

  Result<void> leaf(std::uint64_t index, const std::string& text, const std::string& path) {
    const auto leaf = parse_log_leaf(text);
    if (!leaf.ok()) job_.report.add(Reason::log_form, path, "leaf " + std::to_string(index));
    if (!leaf.ok() || leaf->token) return {};
    if (leaf->chain == ChainKind::recording && interest_.cases.contains(leaf->case_tag) && log_.opened.emplace(leaf->case_tag, leaf->tag).second)
      TRY(job_.room.take(kBytesOpened, "recordings in the box log"));
    if (!interest_.tags.contains(leaf->tag)) return {};
    TRY(job_.room.take(sizeof(LoggedHead), "heads in the box log"));
    log_.heads.push_back({leaf->tag, leaf->seq, leaf->head, index});
    return {};
  }

  // The newest checkpoint that a quorum of the policy's witnesses cosigned.
  void witnesses() {
    if (job_.policy == nullptr || job_.policy->quorum <= 0) return;
    for (const SignedCheckpoint& checkpoint : checkpoints_) witnessed(checkpoint.note, checkpoint.size);
    for (const Outside* one : outside_.held()) witnessed(one->note, one->checkpoint.size);
  }

  void witnessed(const std::string& text, std::uint64_t size) {
    const auto note = parse_note(text);
    if (note.ok() && cosigners(*note) >= job_.policy->quorum) log_.witnessed = std::max(log_.witnessed, size);
  }

  std::int64_t cosigners(const SignedNote& note) const {
    std::set<PublicKey> keys;
    for (const Policy::Witness& witness : job_.policy->witnesses)
      if (note_cosigned_by(note, witness.name, witness.key)) keys.insert(witness.key);
    return static_cast<std::int64_t>(keys.size());
  }

  Job& job_;
  const LogFiles files_;
  const LogInterest interest_;
  OutsideCheck outside_;
  std::vector<SignedCheckpoint> checkpoints_;
  BoxLog log_;
};

}  // namespace

Result<BoxLog> check_log(Job& job, const Scope& scope) {
  LogInterest interest = TRY(log_interest_of(job.tree, scope));
  LogFiles files = TRY(log_files_of(job, scope.log));
  LogCheck check(job, std::move(files), std::move(interest));
  return check.run();
}

}  // namespace netsampler::verify
