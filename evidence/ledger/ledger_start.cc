// The ledger's start and what it shares with normal work: index, books, interruptions, inclusions.
#include <set>

#include "evidence/base/log.h"
#include "evidence/ledger/ledger.h"

namespace netsampler {

Ledger::Ledger(LedgerWorld world, const StatePaths& paths, const Config& config, BoxKey box, Accounts accounts, Index index)
    : world_(std::move(world)), paths_(paths), config_(config), roots_(paths.data), box_(std::move(box.key)), key_sealed_(box.sealed),
      key_path_(std::move(box.path)), accounts_(std::move(accounts)), index_(std::move(index)), clock_(world_.clock, world_.kernel),
      books_(world_, clock_, roots_.cases, box_, history_, sink()),
      box_log_(world_.disk, paths_.data + "/log", box_) {}

namespace {
// Rows of what a producer hands over all the time may wait for the next tick and share its sync; whoever has the receipt of a book's
// record, an opening or a close reads the index at once.
bool may_wait(const Envelope& head) { return head.chain == ChainKind::recording && head.type != "open" && head.type != "close"; }
}  // namespace

// The row follows the record; where it fails, the next need of the index rebuilds it.
SealedSink Ledger::sink() {
  return [this](const IndexEntry& entry) {
    owe_leaf(entry);
    if (index_stale_) return;
    Result<void> put = index_.put(entry);
    if (put.ok() && !may_wait(entry.record.head)) put = index_.flush();
    note_index(put);
  };
}

void Ledger::note_index(const Result<void>& done) {
  if (done.ok()) return;
  index_stale_ = true;
  log(LogLevel::warning, "index will be rebuilt: " + done.error().text);
}

Result<void> Ledger::bring_index_up() {
  if (!index_stale_) return {};
  TRY_WITH(rebuild_index(), "rebuilding the index");
  return {};
}

Result<void> Ledger::recover() {
  index_stale_ = !TRY(catch_up(world_.disk, roots_, index_));
  TRY(bring_index_up());
  TRY(recover_books());
  TRY(recover_recordings());
  TRY(include_due());
  box_event("configuration", {{"action", "start"}, {"software_version", world_.version}});
  tell_locked_memory();
  return recover_log();
}

Result<void> Ledger::recover_books() {
  // One book that the disk does not give must not keep all the others closed; without the box's own the box would not know its keys.
  for (const auto& id : TRY(ids_on_disk(world_.disk, roots_, ChainKind::book))) {
    const auto recovered = books_.recover(id);
    if (!recovered.ok() && id == kBoxBook) return recovered.error();
    if (!recovered.ok()) books_.give_up(id, recovered.error());
  }
  if (!books_.has(kBoxBook)) TRY(books_.open_case(kBoxBook, kBoxActor, Json::object(), Json::object()));
  return {};
}

Result<void> Ledger::recover_recordings() {
  for (const auto& id : TRY(ids_on_disk(world_.disk, roots_, ChainKind::recording))) {
    if (TRY(index_.is_closed(id)) || TRY(index_.interruption_known(id))) continue;
    const auto told = declare_interrupted(world_.disk, roots_, id, books_, index_, world_.clock.boot_id(), "");
    if (!told.ok()) log(LogLevel::error, told.error().text);
  }
  return {};
}

Result<Receipt> Ledger::include(const std::string& case_id, const std::string& recording, const std::string& why, const std::string& actor) {
  const Index::Opened opened = TRY(index_.opened(recording));
  const auto end = TRY(index_.end_of(ChainKind::recording, recording));
  if (!end) return fail(ErrorKind::not_found, "no recording " + recording);
  const Json body{{"recording", recording}, {"head", end->head}, {"last_seq", end->last_seq}, {"role", opened.kind}, {"why", why}};
  return books_.append(case_id, "include", actor, body);
}

// An inclusion can make others due (a logistics recording brings the waybill of an unboxing), hence the rounds. One that a damaged
// book refuses is told in the log and stays due: it must not keep the others, or the start of the ledger, waiting.
Result<std::vector<Index::Due>> Ledger::include_due() {
  std::vector<Index::Due> done;
  std::set<std::string> refused;
  for (bool more = true; more;) {
    TRY(bring_index_up());
    more = false;
    for (const auto& one : TRY(index_.due())) {
      if (refused.contains(one.case_id)) continue;
      const auto included = include(one.case_id, one.recording, one.why, kBoxActor);
      if (included.ok()) done.push_back(one);
      if (included.ok()) more = true;
      if (included.ok()) continue;
      refused.insert(one.case_id);
      log(LogLevel::error, "including recording " + one.recording + " in case " + one.case_id + ": " + included.error().text);
    }
  }
  return done;
}

Result<Receipt> Ledger::include_by_hand(const std::string& case_id, const std::string& actor, const Json& body) {
  const std::string recording = TRY(get_string(body, "recording"));
  TRY(bring_index_up());
  if (open_.contains(recording)) return fail(ErrorKind::busy, "recording " + recording + " is still open (stop it first)");
  if (TRY(index_.is_included(case_id, recording))) return fail(ErrorKind::busy, "recording " + recording + " is included already");
  return include(case_id, recording, "officer", actor);
}

// The box's own book tells; where it cannot, the log does, and the request that caused the event still stands.
void Ledger::box_event(const std::string& type, const Json& body) {
  const auto written = books_.append(kBoxBook, type, kBoxActor, body);
  if (!written.ok()) log(LogLevel::error, "the box's own book: " + written.error().text);
}

}  // namespace netsampler
