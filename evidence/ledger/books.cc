#include "evidence/ledger/books.h"

#include "evidence/base/log.h"
#include "evidence/format/kinds.h"
#include "evidence/format/names.h"
#include "evidence/format/public_text.h"
#include "evidence/ledger/book_mend.h"
#include "evidence/ledger/handed_files.h"

namespace netsampler {

Books::Books(LedgerWorld& world, const BoxClock& clock, std::string cases_root, const SigningKey& box, const KeyHistory& history,
             SealedSink sink)
    : world_(world), clock_(clock), cases_root_(std::move(cases_root)), box_(box), history_(history), sink_(std::move(sink)) {}

bool Books::is_ours(const State& state) const {
  return state.position.next_seq == 0 || state.key == box_.public_key() || !changes_since(history_, state.key).empty();
}

Result<std::vector<std::string>> Books::on_disk() const {
  if (!exists(world_.disk, cases_root_)) return std::vector<std::string>();
  return world_.disk.list(cases_root_);
}

void Books::give_up(const std::string& case_id, const Error& why) {
  State state;
  state.broken = Error(why).with("case " + case_id + " takes nothing until the ledger is started anew, with its disk mended");
  log(LogLevel::error, state.broken->text);
  states_.insert_or_assign(case_id, std::move(state));
}

std::optional<Error> Books::broken(const std::string& case_id) const {
  const auto found = states_.find(case_id);
  return found == states_.end() ? std::nullopt : found->second.broken;
}

std::map<std::string, std::string> Books::all_broken() const {
  std::map<std::string, std::string> all;
  for (const auto& [id, state] : states_)
    if (state.broken) all[id] = state.broken->text;
  return all;
}

bool Books::has(const std::string& case_id) const {
  const auto found = states_.find(case_id);
  return found != states_.end() && found->second.position.next_seq > 0;
}

bool Books::is_closed(const std::string& case_id) const {
  const auto found = states_.find(case_id);
  return found != states_.end() && found->second.closed;
}

std::string Books::tag_of(const std::string& case_id) const {
  const auto found = states_.find(case_id);
  return found == states_.end() ? "" : found->second.tag;
}

namespace {
// Which key signs what comes after this record?
Result<void> take_key(const Record& record, PublicKey& key) {
  if (record.head.type == "case_open") key = TRY(public_key_from_base64(string_or(record.body, "box_key", "")));
  if (record.head.type == "key_change") key = TRY(key_history_from(record.body.value("changes", Json::array()))).back().box_key;
  return {};
}
}  // namespace

Result<void> Books::recover(const std::string& case_id) {
  State state;
  std::vector<std::string> named;
  const auto visit = [&](const IndexEntry& entry) -> Result<void> {
    TRY(take_key(entry.record, state.key));
    if (entry.record.head.type == "decision") state.closed = string_or(entry.record.body, "decision", "") == kCaseClosed;
    if (entry.record.head.type == "case_open") state.tag = hex_of(TRY(chain_tag(string_or(entry.record.body, "nonce", ""), case_id)));
    for (const auto& file : TRY(files_of(entry.record.body))) named.push_back(file.path);
    return {};
  };
  const ChainScan scan = TRY_WITH(scan_chain(world_.disk, root_of(case_id), "book.jsonl", visit), "book " + case_id);
  state.position = scan.position;
  if (scan.damage)
    state.broken = fail(ErrorKind::io, "book " + case_id + " is damaged at " + *scan.damage + " (restore it; nothing is appended behind damage)");
  else if (!is_ours(state))
    state.broken = fail(ErrorKind::invalid, "book " + case_id + " is signed by a key that this box never had (it can be verified here, not continued)");
  if (state.broken) {
    log(LogLevel::error, state.broken->text);
    states_.insert_or_assign(case_id, std::move(state));
    return {};
  }
  TRY_WITH(put_torn_aside(world_.disk, root_of(case_id), scan), "book " + case_id);
  TRY_WITH(name_partials(world_.disk, root_of(case_id)), "book " + case_id);
  states_.insert_or_assign(case_id, std::move(state));
  return name_leftovers(case_id, std::move(named), scan.torn.size(), hex_of(sha256(scan.torn)));
}

// A finding that names what is left over: from then on it is named, and the next start finds nothing more to say.
Result<void> Books::name_leftovers(const std::string& case_id, std::vector<std::string> named, std::size_t torn_bytes,
                                   const std::string& torn_sha256) {
  if (!has(case_id)) return {};
  const auto files = TRY_WITH(leftovers(world_.disk, root_of(case_id), named), "book " + case_id);
  if (files.empty()) return {};
  Json body{{"code", torn_bytes > 0 ? "torn" : "orphan"}, {"severity", "note"}, {"count", files.size()}, {"files", Json::array()}};
  for (const auto& file : files) body["files"].push_back(json_of(file));
  if (torn_bytes > 0) body["torn_bytes"] = torn_bytes, body["torn_sha256"] = torn_sha256;
  State& state = states_.at(case_id);
  TRY(follow_key(case_id, state));
  TRY(write(case_id, state, envelope(case_id, "finding", kBoxActor, state), body, Json::object(), {}));
  return {};
}

Envelope Books::envelope(const std::string& case_id, const std::string& type, const std::string& actor, const State& state) const {
  Envelope head;
  head.chain = ChainKind::book;
  head.owner = case_id;
  head.type = type;
  head.actor = actor;
  put_stamp(clock_.stamp(state.position.times), head);
  return head;
}

Result<void> Books::follow_key(const std::string& case_id) {
  if (!has(case_id)) return fail(ErrorKind::not_found, "no case " + case_id);
  State& state = states_.at(case_id);
  if (state.broken) return *state.broken;
  return follow_key(case_id, state);
}

Result<void> Books::follow_key(const std::string& case_id, State& state) {
  if (state.position.next_seq == 0 || state.key == box_.public_key()) return {};
  const KeyHistory changes = changes_since(history_, state.key);
  TRY_WITH(write(case_id, state, envelope(case_id, "key_change", kBoxActor, state), {{"changes", json_of(changes)}}, Json::object(), {}),
           "following the box's new key in book " + case_id);
  state.key = box_.public_key();
  return {};
}

// `body` without the handed files' names where there are files.
Result<Receipt> Books::write(const std::string& case_id, State& state, const Envelope& head, const Json& body, const Json& opened,
                             const std::vector<LedgerFile>& files) {
  const SealLine seal = [this](Json record) { return seal_record(std::move(record), box_); };
  ChainFile chain = TRY(ChainFile::open(world_.disk, root_of(case_id), "book.jsonl", state.position, sink_, SyncOrder::openings_first));
  const auto planned = TRY(check_book_files(files));
  const Json tried = files.empty() ? body : TRY(with_files(ChainKind::book, head.type, body, planned));
  TRY(check_public(ChainKind::book, head.type, tried));
  TRY(chain.check(head, tried, opened, seal));
  std::vector<NamedFile> named;
  for (const auto& file : files) {
    auto stored = store_by_hash(world_.disk, root_of(case_id), extension_of(file.path), file.fd.get(), state.position.next_seq);
    if (!stored.ok()) return *(state.broken = chain.stop(stored.error()));
    named.push_back(stored.take());
  }
  const Json whole = files.empty() ? body : TRY(with_files(ChainKind::book, head.type, body, named));
  const auto seq = chain.append(head, whole, opened, seal);
  if (const auto usable = chain.usable(); !usable.ok()) state.broken = usable.error();
  if (!seq.ok()) return seq.error();
  state.position = chain.position();
  if (head.type == "decision") state.closed = string_or(body, "decision", "") == kCaseClosed;
  return Receipt{*seq, chain.head_hex(), head.at_us, head.err_us};
}

Result<Receipt> Books::open_case(const std::string& case_id, const std::string& actor, const Json& body, const Json& opened) {
  if (!is_case_id(case_id)) return fail(ErrorKind::invalid, "a case's id is 1 to 64 of A-Z a-z 0-9 . _ -, not " + case_id);
  if (!is_account_id(actor)) return fail(ErrorKind::invalid, "an actor is an account's id");
  if (const auto why = broken(case_id)) return *why;
  if (has(case_id)) return fail(ErrorKind::busy, "there is a case " + case_id + " already (choose another number)");
  if (!body.is_object()) return fail(ErrorKind::invalid, "a record's body is an object");
  Hash nonce{};
  random_fill(nonce);
  Json whole = body;
  whole["nonce"] = hex_of(nonce);
  whole["box_key"] = to_base64(box_.public_key());
  if (!history_.empty()) whole["key_history"] = json_of(history_);
  TRY(check_public(ChainKind::book, "case_open", whole));
  TRY(world_.disk.make_directories(root_of(case_id)));
  TRY(recover(case_id));
  State& state = states_.at(case_id);
  if (state.broken) return *state.broken;
  const Receipt receipt = TRY(write(case_id, state, envelope(case_id, "case_open", actor, state), whole, opened, {}));
  TRY(recover(case_id));  // its tag; and what an earlier, cut attempt to open this case left can be named only now
  return receipt;
}

Result<Receipt> Books::append(const std::string& case_id, const std::string& type, const std::string& actor, const Json& body,
                              const Json& opened, const std::vector<LedgerFile>& files) {
  if (const auto why = broken(case_id)) return *why;
  if (!has(case_id)) return fail(ErrorKind::not_found, "no case " + case_id + " (open it first: netsampler case new)");
  if (!is_account_id(actor)) return fail(ErrorKind::invalid, "an actor is an account's id");
  if (!body.is_object()) return fail(ErrorKind::invalid, "a record's body is an object");
  if (type == "case_open") return fail(ErrorKind::invalid, "a case is opened once");
  if (type == "key_change") return fail(ErrorKind::invalid, "the ledger writes this kind of record itself: key_change");
  if (body.contains("file") || body.contains("files")) return fail(ErrorKind::invalid, "the body names files itself (hand them over beside it)");
  State& state = states_.at(case_id);
  if (state.broken) return *state.broken;
  TRY(follow_key(case_id, state));
  return write(case_id, state, envelope(case_id, type, actor, state), body, opened, files);
}

}  // namespace netsampler
