#include "evidence/ledger/ledger.h"

#include <algorithm>
#include <set>

#include "evidence/base/log.h"
#include "evidence/format/bagit.h"
#include "evidence/format/kinds.h"
#include "evidence/format/names.h"

namespace netsampler {
namespace {

constexpr std::size_t kSamplerLimit = 8;
constexpr std::int64_t kIndexEveryUs = 250'000;

bool ends_by_hand(const std::string& reason) { return reason == "stopped" || reason == "void"; }
bool is_reason(const std::string& reason) {
  return ends_by_hand(reason) || reason == "failed" || reason == "duration" || reason == "disk-full";
}

// What its book already has may be answered, seen and exported; nothing new is sampled for it.
Error case_is_closed(const std::string& case_id) {
  return fail(ErrorKind::denied, "case " + case_id + " is closed: it takes no more recordings (another decision, e.g. case-reopened, opens it again)");
}

}  // namespace

Result<Json> Ledger::status() {
  TRY(bring_index_up());
  const std::int64_t cases = TRY(index_.case_count());
  const auto unclaimed = TRY(index_.unclaimed());
  Json recordings = Json::array();
  for (const auto& [id, recording] : open_) recordings.push_back(recording.status());
  Json clock = clock_.report();
  clock["limit_us"] = config_.clock_limit_us;
  return Json{{"recordings", std::move(recordings)},
              {"clock", std::move(clock)},
              {"box_key", to_base64(box_.public_key())},
              {"version", world_.version},
              {"free_bytes", world_.free_bytes()},
              {"cases", cases},
              {"accounts", accounts_.size()},
              {"broken_cases", books_.all_broken()},
              {"unclaimed", unclaimed}};
}

Result<void> Ledger::require_room() const {
  const std::int64_t free = world_.free_bytes();
  if (free >= config_.minimum_free_bytes) return {};
  return fail(ErrorKind::full, "disk nearly full: " + std::to_string(free >> 20) + " MiB free, " + std::to_string(config_.minimum_free_bytes >> 20) +
                                   " MiB are kept in reserve (free some room; a recording can still be closed)");
}

// What is no account may be a password or a telephone number typed in the wrong place: a public record must not keep it.
void Ledger::login_event(const std::string& id, const std::string& outcome) {
  box_event("login", {{"account", accounts_.has(id) ? id : "?"}, {"outcome", outcome}});
}

Result<std::vector<std::string>> Ledger::authenticate(const std::string& kind, const std::vector<SamplerLogin>& samplers) {
  if (samplers.size() > kSamplerLimit) return fail(ErrorKind::invalid, "no more than 8 samplers");
  std::vector<std::string> ids;
  for (const auto& login : samplers) {
    const auto account = accounts_.check(login.id, login.password);
    if (!account.ok()) login_event(login.id, "denied");
    if (!account.ok()) return Error(account.error()).with("sampler " + login.id);
    if (std::find(ids.begin(), ids.end(), account->id) != ids.end())
      return fail(ErrorKind::denied, "sampler " + login.id + " twice (two different samplers must be there)");
    ids.push_back(account->id);
  }
  if (needs_samplers(kind) && ids.size() < 2)
    return fail(ErrorKind::denied, "two samplers must log in for a recording of kind " + kind + ", at its start and at its end");
  return ids;
}

Result<RecordingTerms> Ledger::terms_for(const RecordingRequest& request) {
  RecordingTerms terms;
  terms.kind = request.kind, terms.case_id = request.case_id, terms.display = request.display;
  terms.software_sha256 = request.software_sha256;
  if (!is_recording_kind(terms.kind)) return fail(ErrorKind::invalid, "no such kind of recording: " + terms.kind);
  if (terms.case_id.empty() && needs_samplers(terms.kind)) return fail(ErrorKind::invalid, "a recording of kind " + terms.kind + " needs a case");
  if (const auto why = books_.broken(terms.case_id)) return *why;
  if (!terms.case_id.empty() && books_.is_closed(terms.case_id)) return case_is_closed(terms.case_id);
  if (!terms.case_id.empty() && (terms.case_id == kBoxBook || !books_.has(terms.case_id)))
    return fail(ErrorKind::not_found, "no case " + terms.case_id + " (open it first: netsampler case new)");
  if (open_.size() >= kOpenLimit) return fail(ErrorKind::full, "16 recordings are open already (close one first)");
  for (const auto& [id, other] : open_)
    if (!terms.display.empty() && other.terms().display == terms.display)
      return fail(ErrorKind::busy, "display " + terms.display + " is being recorded already, by recording " + id + " (stop that first)");
  if (!terms.case_id.empty()) terms.case_tag = books_.tag_of(terms.case_id);
  terms.samplers = TRY(authenticate(terms.kind, request.samplers));
  terms.beacon = beacon_;
  if (!history_.empty()) terms.key_history = json_of(history_);
  terms.id = random_id(26);
  return terms;
}

// Whoever opens a recording all the same (--accept-clock) has it in the chain for ever.
Result<void> Ledger::say_clock_beyond_limit(Recording& opened) {
  if (clock_.stamp({}).err_us <= config_.clock_limit_us) return {};
  TRY(opened.append("finding", {{"code", "clock-beyond-limit"}, {"severity", "partial"}}, Json::object(), {}));
  return {};
}

Result<OpenedRecording> Ledger::open(const RecordingRequest& request) {
  TRY(require_room());
  if (auto before = TRY(resumed_before(request.resumes))) return std::move(*before);
  std::map<std::string, std::int64_t> sealed;
  RecordingTerms terms = TRY(request.resumes.empty() ? terms_for(request) : terms_resuming(request.resumes, sealed));
  const std::string id = terms.id;
  Recording opened = TRY_WITH(Recording::open(world_, clock_, roots_.recordings + "/" + id, std::move(terms), box_, sink()), "opening a recording");
  const auto said = say_clock_beyond_limit(opened);
  const Json state = opened.status();
  open_.emplace(id, std::move(opened));
  if (!said.ok()) TRY(abandon(id));
  TRY(said);
  flush_log();
  if (!request.resumes.empty()) resumed_[request.resumes] = id;
  log(LogLevel::info, "recording " + id + (request.resumes.empty() ? " opened" : " resumes " + request.resumes));
  return OpenedRecording{id, state["head"].get<std::string>(), state["opened_boot_us"].get<std::int64_t>(), std::move(sealed)};
}

Result<Recording*> Ledger::find(const std::string& recording) {
  const auto found = open_.find(recording);
  if (found == open_.end()) return fail(ErrorKind::not_found, "no open recording " + recording);
  return &found->second;
}

Result<Receipt> Ledger::append(const std::string& recording, const std::string& type, const Json& body, const Json& opened,
                               const std::vector<LedgerFile>& files) {
  Recording* target = TRY(find(recording));
  TRY(require_room());
  if (holding_) {
    target->hold();
    held_.insert(recording);
  }
  return target->append(type, body, opened, files);
}

std::map<std::string, Error> Ledger::settle() {
  std::vector<std::string> ids;
  std::vector<ChainFile*> chains;
  for (const auto& id : held_)
    if (const auto found = open_.find(id); found != open_.end()) ids.push_back(id), chains.push_back(&found->second.chain());
  held_.clear();
  holding_ = false;
  std::map<std::string, Error> failed;
  const auto settled = ChainFile::settle_all(world_.disk, chains);
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (!settled[i].ok()) failed[ids[i]] = settled[i].error();
  return failed;
}

Result<ClosedRecording> Ledger::close(const std::string& recording, const std::string& reason, const std::vector<SamplerLogin>& samplers) {
  Recording* target = TRY(find(recording));
  if (!is_reason(reason)) return fail(ErrorKind::invalid, "a recording ends with stopped, void, failed, duration or disk-full, not " + reason);
  const std::string kind = ends_by_hand(reason) ? target->terms().kind : "";
  const auto present = TRY(authenticate(kind, samplers));
  const auto receipt = target->close(reason, present);
  if (!receipt.ok()) {
    // Refused before a byte was written: it is still open. After a failed write nobody can go on with it.
    if (!target->usable().ok()) TRY(abandon(recording));
    return receipt.error();
  }
  ClosedRecording closed;
  closed.seq = receipt->seq, closed.head = receipt->head;
  closed.included = TRY(end(recording));
  flush_log();
  log(LogLevel::info, "recording " + recording + " closed: " + reason);
  return closed;
}

Result<std::vector<std::string>> Ledger::end(const std::string& recording) {
  open_.erase(recording);
  std::vector<std::string> cases;
  for (const auto& due : TRY_WITH(include_due(), "the recording is closed, but including it failed"))
    if (due.recording == recording) cases.push_back(due.case_id);
  return cases;
}

// Its writer is gone for good: what a restart would say is said now.
Result<void> Ledger::abandon(const std::string& recording) {
  const std::string cause = open_.at(recording).stop_cause();
  open_.erase(recording);
  TRY(bring_index_up());
  TRY(declare_interrupted(world_.disk, roots_, recording, books_, index_, world_.clock.boot_id(), cause));
  TRY(include_due());
  return {};
}

Result<Receipt> Ledger::case_open(const std::string& case_id, const std::string& actor, const Json& body, const Json& opened) {
  if (case_id == kBoxBook) return fail(ErrorKind::invalid, "\"box\" is the box's own book (choose another number)");
  TRY(require_room());
  return books_.open_case(case_id, actor, body, opened);
}

Result<Receipt> Ledger::book_append(const std::string& case_id, const std::string& type, const std::string& actor, const Json& body,
                                    const Json& opened, const std::vector<LedgerFile>& files) {
  TRY(require_room());
  if (case_id == kBoxBook && type != "check" && type != "finding")
    return fail(ErrorKind::invalid, "the box's own book takes only checks and findings from others");
  if (type == "token") return fail(ErrorKind::invalid, "the ledger writes this kind of record itself: token");
  const bool closes = type == "decision" && string_or(body, "decision", "") == kCaseClosed;
  if (books_.is_closed(case_id) && type == "include") return case_is_closed(case_id);
  for (const auto& [id, recording] : open_)
    if (closes && recording.terms().case_id == case_id) return fail(ErrorKind::busy, "recording " + id + " of case " + case_id + " is still open (stop it first)");
  if (type == "include") return include_by_hand(case_id, actor, body);
  return books_.append(case_id, type, actor, body, opened, files);
}

Result<void> Ledger::clock(const Json& body) {
  TRY(check_public(ChainKind::recording, "clock", body));
  clock_.observe(body);
  for (auto& [id, recording] : open_) {
    const auto receipt = recording.append("clock", body, Json::object(), {});
    if (!receipt.ok()) log(LogLevel::error, "clock record of " + id + ": " + receipt.error().text);
  }
  return {};
}

Result<void> Ledger::account_add(const std::string& id, const std::string& name, const std::string& password) {
  TRY(accounts_.add(id, name, password));
  box_event("configuration", {{"action", "account-add"}, {"account", id}});
  return {};
}

Result<std::string> Ledger::account_check(const std::string& id, const std::string& password) {
  const auto account = accounts_.check(id, password);
  login_event(id, account.ok() ? "accepted" : "denied");
  if (!account.ok()) return account.error();
  return account->name;
}

Result<PackageSignature> Ledger::package_sign(const std::string& tagmanifest_sha256) {
  const Hash hash = TRY_WITH(hash_from_hex(tagmanifest_sha256), "tagmanifest_sha256");
  PackageSignature made;
  made.signature = to_base64(box_.sign(package_message(hash)));
  made.box_key = to_base64(box_.public_key());
  return made;
}

Result<std::int64_t> Ledger::rebuild_index() {
  const std::int64_t records = TRY(netsampler::rebuild_index(world_.disk, roots_, index_));
  index_stale_ = false;
  return records;
}

void Ledger::tick() {
  std::vector<std::string> ended;
  for (auto& [id, recording] : open_) {
    const bool over = recording.over();
    const Result<void> done = over || !recording.usable().ok() ? Result<void>() : recording.turn_epochs();  // a broken one has been told
    if (!done.ok()) log(LogLevel::error, "recording " + id + ": " + done.error().text);
    if (over) ended.push_back(id);
  }
  for (const auto& id : ended) {
    const auto closed = close(id, "duration", {});
    if (!closed.ok()) log(LogLevel::error, "ending recording " + id + " after 24 h: " + closed.error().text);
    open_.erase(id);  // closed or beyond help: its keys have run out
  }
  tick_log();
  tick_index();
}

// Ticks come after every request: rows must not cost each of them a sync.
void Ledger::tick_index() {
  const std::int64_t now_us = world_.clock.boot_us();
  if (index_stale_ || now_us - indexed_boot_us_ < kIndexEveryUs) return;
  indexed_boot_us_ = now_us;
  note_index(index_.flush());
}

void Ledger::stop() {
  std::vector<std::string> ids;
  for (const auto& [id, recording] : open_) ids.push_back(id);
  for (const auto& id : ids) {
    const auto closed = close(id, "failed", {});
    if (!closed.ok()) log(LogLevel::error, "closing recording " + id + ": " + closed.error().text);
  }
  flush_log();
  if (!index_stale_) note_index(index_.flush());
}

}  // namespace netsampler
