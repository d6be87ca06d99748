#include "evidence/ledger/resume.h"

#include "evidence/base/present.h"
#include "evidence/format/names.h"
#include "evidence/ledger/ledger.h"

namespace netsampler {
namespace {

struct OldChain {
  Resumption found;
  std::string boot;
  std::int64_t boot_us = 0;
  bool closed = false;

  void take(const Record& record) {
    const std::string& type = record.head.type;
    boot = record.head.boot, boot_us = record.head.boot_us;
    if (type == "open") {
      found.kind = string_or(record.body, "kind", "");
      found.case_tag = string_or(record.body, "case_tag", "");
      found.display = string_or(record.body, "display", "");
    }
    if (type == "source") found.sealed.try_emplace(string_or(record.body, "source", ""), 0);
    if (type == "segment") ++found.sealed[string_or(record.body, "source", "")];
    closed = closed || type == "close";
  }
};

Error no_resuming(const std::string& recording, const std::string& why) {
  return fail(ErrorKind::invalid, "recording " + recording + " cannot be resumed: " + why + " (start a new one)");
}

}  // namespace

Result<Resumption> read_resumption(const FileSystem& disk, const EvidenceRoots& roots, const std::string& recording, const Clock& clock) {
  const std::string root = roots.recordings + "/" + recording;
  if (!is_recording_id(recording) || !TRY(present(disk, root + "/chain.jsonl"))) return fail(ErrorKind::not_found, "no recording " + recording);
  OldChain chain;
  const ChainScan scan = TRY(scan_chain(disk, root, "chain.jsonl", [&chain](const IndexEntry& entry) -> Result<void> {
    chain.take(entry.record);
    return {};
  }));
  if (scan.damage || scan.position.next_seq == 0) return no_resuming(recording, "its chain is damaged");
  if (chain.closed) return no_resuming(recording, "it is closed");
  if (chain.boot != clock.boot_id()) return no_resuming(recording, "the machine has been started anew since");
  if (clock.boot_us() - chain.boot_us > kResumeWithinUs) return no_resuming(recording, "it was cut off more than 10 minutes ago");
  chain.found.member = {{"recording", recording},
                        {"head", hex_of(scan.position.head)},
                        {"last_seq", scan.position.next_seq - 1},
                        {"torn_bytes", scan.torn.size()},
                        {"torn_sha256", hex_of(sha256(scan.torn))}};
  return std::move(chain.found);
}

// Each recorder of a recording asks for itself, and one may ask twice: all go on in the same new recording, as long as it is open.
Result<std::optional<OpenedRecording>> Ledger::resumed_before(const std::string& recording) {
  const auto known = resumed_.find(recording);
  const auto heir = known == resumed_.end() ? open_.end() : open_.find(known->second);
  if (heir == open_.end()) return std::optional<OpenedRecording>();
  Resumption old = TRY(read_resumption(world_.disk, roots_, recording, world_.clock));
  const Json state = heir->second.status();
  return std::optional<OpenedRecording>({heir->first, state["head"].get<std::string>(), state["opened_boot_us"].get<std::int64_t>(), std::move(old.sealed)});
}

// Kind, case and display are the old one's. Nobody logs in again: the officers that `open` of the old one names were there, and closing
// asks for them as ever; so `samplers` is absent.
Result<RecordingTerms> Ledger::terms_resuming(const std::string& recording, std::map<std::string, std::int64_t>& sealed) {
  if (open_.contains(recording)) return fail(ErrorKind::busy, "recording " + recording + " is still open (nothing to resume)");
  if (resumed_.contains(recording)) return fail(ErrorKind::busy, "recording " + recording + " has been resumed already");
  if (open_.size() >= kOpenLimit) return fail(ErrorKind::full, "16 recordings are open already (close one first)");
  Resumption old = TRY(read_resumption(world_.disk, roots_, recording, world_.clock));
  TRY(bring_index_up());
  RecordingTerms terms;
  terms.kind = old.kind, terms.case_tag = old.case_tag, terms.display = old.display;
  if (!old.case_tag.empty()) terms.case_id = TRY(index_.case_of_tag(old.case_tag));
  for (const auto& [id, other] : open_)
    if (!terms.display.empty() && other.terms().display == terms.display)
      return fail(ErrorKind::busy, "display " + terms.display + " is being recorded already, by recording " + id + " (stop that first)");
  if (!history_.empty()) terms.key_history = json_of(history_);
  terms.resumes = std::move(old.member);
  terms.beacon = beacon_;
  terms.id = random_id(26);
  sealed = std::move(old.sealed);
  return terms;
}

}  // namespace netsampler
