// The ledger's keys: taken at the start, changed on request, told to whoever must trust them.
#include "evidence/base/log.h"
#include "evidence/base/present.h"
#include "evidence/format/policy.h"
#include "evidence/ledger/ledger.h"

namespace netsampler {
namespace {

constexpr std::size_t kPolicyBytes = 1u << 20;

Result<bool> has_books(const FileSystem& disk, const EvidenceRoots& roots) {
  for (const auto& id : TRY(ids_on_disk(disk, roots, ChainKind::book))) {
    const std::string path = roots.cases + "/" + id + "/book.jsonl";
    if (TRY(present(disk, path)) && TRY(disk.info(path)).bytes > 0) return true;
  }
  return false;
}

struct Fresh {
  SigningKey key;
  KeyChange change;
};

// A key for a box whose own is gone for good: on the disk, not yet in any book.
Result<Fresh> fresh_for_lost(FileSystem& disk, const KeyFiles& files, const std::optional<BookKeys>& known, std::int64_t now_us) {
  if (!known) return fail(ErrorKind::invalid, "the box's own book (data/cases/box) tells of no key that could be lost (restore data/ first)");
  if (known->changes.size() >= kKeyChanges) return fail(ErrorKind::full, "this box has had 101 keys: set up a new box");
  const Secret secret = Secret::random();
  SigningKey key(secret);
  const KeyChange change = replace_lost_key(known->current(), key, now_us);
  TRY(write_next_key(disk, files, secret));
  return Fresh{std::move(key), change};
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::start(LedgerWorld world, const StatePaths& paths, const Config& config, bool replace_lost_key) {
  FileSystem& disk = world.disk;
  const EvidenceRoots roots(paths.data);
  const KeyFiles files(paths.keys);
  TRY(disk.make_directories(roots.recordings));
  TRY(disk.make_directories(roots.cases));
  const auto known = TRY(read_book_keys(disk, roots.cases + "/" + kBoxBook + "/book.jsonl"));
  const bool books = TRY(has_books(disk, roots));
  auto taken = take_box_key(disk, world.keys, files, known, books);
  const bool is_lost = !taken.ok() && taken.error().kind == ErrorKind::invalid;
  if (replace_lost_key && taken.ok()) return fail(ErrorKind::invalid, "the box key is not lost: " + taken->path + " (to change it: netsampler key rotate)");
  if (!taken.ok() && !(replace_lost_key && is_lost)) return taken.error();
  std::optional<KeyChange> change;
  if (replace_lost_key) {
    Fresh fresh = TRY(fresh_for_lost(disk, files, known, world.clock.utc_us()));
    change = fresh.change;
    taken = BoxKey{std::move(fresh.key), false, files.file};
  }
  Accounts accounts = TRY(Accounts::load(disk, paths.accounts));
  Index index = TRY(Index::open(disk, paths.index));
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(world), paths, config, taken.take(), std::move(accounts), std::move(index)));
  ledger->learn_keys(known);
  if (change) TRY(ledger->commit_lost_key(*change));
  TRY(ledger->recover());
  if (change) TRY(promote_next_key(disk, ledger->world_.keys, files, true));
  TRY(ledger->bring_policy_up());
  return ledger;
}

void Ledger::learn_keys(const std::optional<BookKeys>& known) {
  first_key_us_ = known ? known->from_us : world_.clock.utc_us();
  if (known) history_ = known->changes;
}

// The box's own book first: a key that stands in another book alone would be forgotten by the next start. The index comes later.
Result<void> Ledger::commit_lost_key(const KeyChange& change) {
  history_.push_back(change);
  index_stale_ = true;
  TRY(books_.recover(kBoxBook));
  return books_.follow_key(kBoxBook);
}

std::vector<PublicKey> Ledger::earlier_keys() const {
  std::vector<PublicKey> keys;
  for (const KeyChange& change : history_) keys.push_back(change.old_key);
  return keys;
}

std::string Ledger::policy_line(const PublicKey& key) const {
  return "box " + hex_of(sha256(key)) + " " + to_base64(key) + " " + config_.box_name;
}

// policy.txt is the administrator's too: what he wrote stays, lines of keys that it does not name are added.
Result<void> Ledger::bring_policy_up() {
  std::vector<PublicKey> keys = earlier_keys();
  keys.push_back(box_.public_key());
  if (!TRY_WITH(present(world_.disk, paths_.policy), "trust policy")) {
    Policy policy;
    for (const PublicKey& key : keys) policy.boxes.push_back({key, config_.box_name});
    policy.clock_limit_us = config_.clock_limit_us;
    return write_whole(world_.disk, paths_.policy, as_bytes(text_of(policy)));
  }
  const Bytes before = TRY_WITH(world_.disk.read(paths_.policy, kPolicyBytes), "trust policy");
  std::string text(as_text(before));
  if (!text.empty() && text.back() != '\n') text += '\n';
  if (text.find(hex_of(sha256(box_.public_key()))) != std::string::npos) return {};
  text += policy_line(box_.public_key()) + "\n";
  return write_whole(world_.disk, paths_.policy, as_bytes(text));
}

Json Ledger::key_show() const {
  Json history = Json::array(), policy = Json::array();
  std::int64_t from_us = first_key_us_;
  for (const KeyChange& change : history_) {
    history.push_back({{"box_key", to_base64(change.old_key)}, {"sha256", hex_of(sha256(change.old_key))}, {"from_us", from_us},
                       {"until_us", change.changed_us},        {"why", change.lost() ? "lost" : "rotated"}});
    policy.push_back(policy_line(change.old_key));
    from_us = change.changed_us;
  }
  const std::string key = to_base64(box_.public_key()), hash = hex_of(sha256(box_.public_key()));
  history.push_back({{"box_key", key}, {"sha256", hash}, {"from_us", from_us}});
  policy.push_back(policy_line(box_.public_key()));
  const bool copy = key_sealed_ && exists(world_.disk, KeyFiles(paths_.keys).file);
  Json shown{{"box_key", key},  {"sha256", hash},       {"kept", key_sealed_ ? "credential" : "file"}, {"path", key_path_},
             {"copy", copy},    {"locked_memory", world_.locked_memory.ok()}, {"history", std::move(history)}, {"policy", std::move(policy)}};
  return shown;
}

// The box's own book has the change: it is done, whatever comes after. Before that it never was.
Result<void> Ledger::change_key(SigningKey fresh, const KeyChange& change) {
  std::swap(box_, fresh);
  history_.push_back(change);
  const auto told = books_.follow_key(kBoxBook);
  if (told.ok()) return {};
  std::swap(box_, fresh);
  history_.pop_back();
  return told.error();
}

Result<Json> Ledger::key_rotate() {
  if (!open_.empty()) return fail(ErrorKind::busy, "a recording is open, " + open_.begin()->first + " (stop it first, then change the key)");
  if (history_.size() >= kKeyChanges) return fail(ErrorKind::full, "this box has had 101 keys: no record holds more (set up a new box)");
  TRY(require_room());
  const KeyFiles files(paths_.keys);
  const Secret secret = Secret::random();
  SigningKey fresh(secret);
  const KeyChange change = rotate_key(box_, fresh, world_.clock.utc_us());
  TRY(books_.follow_key(kBoxBook));  // whatever it refuses, it refuses before anything is made
  TRY(write_next_key(world_.disk, files, secret));
  TRY_WITH(change_key(std::move(fresh), change), "the key was not changed (restart the ledger)");
  flush_log();
  TRY_WITH(promote_next_key(world_.disk, world_.keys, files, false), "the key was changed; the next start puts it in its place");
  key_sealed_ = false, key_path_ = files.file;
  TRY_WITH(bring_policy_up(), "the key was changed; policy.txt lacks its line until the next start");
  log(LogLevel::info, "the box has a new key");
  return key_show();
}

void Ledger::tell_locked_memory() {
  if (world_.locked_memory.ok()) return;
  log(LogLevel::error, world_.locked_memory.error().text);
  box_event("check", {{"name", "locked-memory"}, {"outcome", "refused"}});
}

}  // namespace netsampler
