// The ledger's side of the box log: which heads are logged when, and the time stamps that come back.
#include <algorithm>

#include "evidence/base/log.h"
#include "evidence/ledger/handed_files.h"
#include "evidence/ledger/ledger.h"

namespace netsampler {
namespace {

constexpr std::int64_t kLogEveryUs = 60'000'000;
constexpr std::size_t kTokenFiles = 8, kAuthorityBytes = 200;
constexpr std::int64_t kTokenBytes = 1LL << 20;
constexpr int kTokensOfOneCheckpoint = 100;

bool is_token_extension(const std::string& extension) {
  return extension.size() >= 2 && extension.size() <= 5 && std::all_of(extension.begin() + 1, extension.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

Result<void> check_token_files(const std::vector<LedgerFile>& files) {
  if (files.empty() || files.size() > kTokenFiles) return fail(ErrorKind::invalid, "a token comes as one to eight files, the response first");
  for (const auto& file : files) {
    const bool response = &file == &files.front();
    const std::string extension = extension_of(file.path);
    if (response != (extension == ".tsr") || !is_token_extension(extension))
      return fail(ErrorKind::invalid, "the first file is the response, ….tsr, the others are not: " + file.path);
    if (TRY(check_handed(file.fd.get(), file.path)) > kTokenBytes) return fail(ErrorKind::full, "over 1 MiB: " + file.path);
  }
  return {};
}

// "tokens/<size>-<n>", the first n that is free: what a cut left without its record stays as it is.
Result<std::string> free_token(const FileSystem& disk, const std::string& root, std::int64_t size) {
  for (int n = 0; n < kTokensOfOneCheckpoint; ++n) {
    const std::string name = "tokens/" + std::to_string(size) + "-" + std::to_string(n);
    if (!exists(disk, root + "/" + name + ".tsr")) return name;
  }
  return fail(ErrorKind::full, "checkpoint " + std::to_string(size) + " has 100 tokens already");
}

}  // namespace

void Ledger::owe_leaf(const IndexEntry& entry) {
  const auto leaf = leaves_.leaf_of(entry);
  if (leaf) box_log_.owe(*leaf);
}

// A recording and its records stand whether or not the log can follow.
void Ledger::flush_log() {
  logged_boot_us_ = world_.clock.boot_us();
  if (!box_log_.owes() || !box_log_.usable().ok()) return;
  const auto flushed = box_log_.flush();
  if (!flushed.ok()) log(LogLevel::error, flushed.error().text);
}

void Ledger::tick_log() {
  if (world_.clock.boot_us() - logged_boot_us_ >= kLogEveryUs) flush_log();
}

// Every head on the disk that the log does not know: what was cut off before its leaf, and all chains of a box that had no log yet.
Result<void> Ledger::recover_log() {
  box_log_.recover(earlier_keys());
  TRY(bring_index_up());
  for (const ChainKind chain : {ChainKind::book, ChainKind::recording})
    for (const auto& id : TRY(ids_on_disk(world_.disk, roots_, chain))) TRY(recover_leaf(chain, id));
  TRY(recover_beacon());
  flush_log();
  return {};
}

Result<void> Ledger::recover_leaf(ChainKind chain, const std::string& id) {
  const auto end = TRY(index_.end_of(chain, id));
  if (!end) return {};
  const Hash head = TRY(hash_from_hex(end->head));
  const bool known = box_log_.knows(head);
  if (known && chain == ChainKind::recording) return {};
  const std::string path = chain == ChainKind::book ? roots_.cases + "/" + id + "/book.jsonl" : roots_.recordings + "/" + id + "/chain.jsonl";
  const auto first = first_record(world_.disk, path);
  if (!first.ok() || !*first) return {};  // damage: told where the chain itself is looked at
  const auto leaf = leaves_.leaf_of(**first, *end);
  if (leaf.ok() && !known) box_log_.owe(*leaf);
  return {};
}

// The box's book remembers every token.
Result<void> Ledger::recover_beacon() {
  const auto visit = [this](const IndexEntry& entry) -> Result<void> {
    if (entry.record.head.type != "token") return {};
    take_token(entry.record.body);
    owe_tokens(entry.record.body);
    return {};
  };
  TRY(scan_chain(world_.disk, roots_.cases + "/" + kBoxBook, "book.jsonl", visit));
  return {};
}

// The beacon is the token on the largest tree; of two on the same one the later.
void Ledger::take_token(const Json& body) {
  const std::int64_t size = int_or(body, "checkpoint_size", 0);
  const auto tokens = body.find("tokens");
  if (size < stamped_ || tokens == body.end() || !tokens->is_array() || tokens->empty()) return;
  stamped_ = size;
  beacon_ = string_or(tokens->front(), "sha256", "");
  renew_by_us_ = int_or(body, "renew_by_us", 0);
}

// What was kept of a time stamp becomes a leaf, so that every later stamp covers it, long after its own certificates have ended.
void Ledger::owe_tokens(const Json& body) {
  const auto tokens = body.find("tokens");
  if (tokens == body.end() || !tokens->is_array()) return;
  for (const Json& file : *tokens) {
    const auto hash = hash_from_hex(string_or(file, "sha256", ""));
    if (hash.ok() && !box_log_.knows(*hash)) box_log_.owe(token_leaf(*hash));
  }
}

Json Ledger::log_state() const {
  Json state{{"size", box_log_.size()}, {"stamped", stamped_}};
  if (!box_log_.checkpoint().empty()) state["checkpoint"] = box_log_.checkpoint();
  if (!beacon_.empty()) state["beacon"] = beacon_;
  if (renew_by_us_ > 0) state["renew_by_us"] = renew_by_us_;
  if (const auto usable = box_log_.usable(); !usable.ok()) state["broken"] = usable.error().text;
  return state;
}

Result<Json> Ledger::log_flush(bool renew) {
  logged_boot_us_ = world_.clock.boot_us();
  TRY(renew ? box_log_.flush_tokens() : box_log_.flush());
  return log_state();
}

Result<StoredToken> Ledger::token_store(std::int64_t checkpoint_size, const std::string& authority, const std::vector<LedgerFile>& files,
                                        std::int64_t renew_by_us) {
  TRY(box_log_.usable());
  TRY(check_token_files(files));
  if (authority.empty() || authority.size() > kAuthorityBytes) return fail(ErrorKind::invalid, "an authority's name has 1 to 200 bytes");
  const std::string checkpoint = box_log_.root() + "/checkpoints/" + std::to_string(checkpoint_size);
  if (!exists(world_.disk, checkpoint)) return fail(ErrorKind::not_found, "no checkpoint of size " + std::to_string(checkpoint_size));
  const Bytes note = TRY(world_.disk.read(checkpoint, kNoteBytes));
  const std::string stamped = without_cosignatures(as_text(note)), name = TRY(free_token(world_.disk, box_log_.root(), checkpoint_size));
  Json body{{"checkpoint_size", checkpoint_size},
            {"checkpoint_sha256", hex_of(sha256(as_bytes(stamped)))},
            {"authority", authority},
            {"tokens", Json::array()}};
  if (renew_by_us > 0) body["renew_by_us"] = renew_by_us;
  for (std::size_t k = 0; k < files.size(); ++k) {
    const std::string path = name + (k == 0 ? "" : "-" + std::to_string(k)) + extension_of(files[k].path);
    const auto stored = store(world_.disk, box_log_.root(), path, files[k].fd.get());
    if (!stored.ok()) return box_log_.stop(stored.error());
    body["tokens"].push_back(json_of(*stored));
  }
  TRY_WITH(books_.append(kBoxBook, "token", kBoxActor, body), "recording the token in the box's own book");
  take_token(body);
  owe_tokens(body);
  return StoredToken{name + ".tsr", body["tokens"][0]["sha256"].get<std::string>()};
}

}  // namespace netsampler
