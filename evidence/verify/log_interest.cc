#include "evidence/format/key_change.h"
#include "evidence/format/names.h"
#include "evidence/verify/log_check.h"

namespace netsampler::verify {
namespace {

// The keys of changes that hold and that one of the known keys takes part in.
void learn(const Json& body, const char* member, std::set<PublicKey>& keys) {
  const auto history = body.contains(member) ? key_history_from(body[member]) : Result<KeyHistory>(KeyHistory());
  if (!history.ok() || history->empty() || !key_history_holds(*history)) return;
  if (!keys.contains(history->front().old_key) && !keys.contains(history->back().box_key)) return;
  keys.insert(history->front().old_key);
  for (const KeyChange& change : *history) keys.insert(change.box_key);
}

Result<void> take_first(const Tree& tree, const std::string& path, bool is_book, LogInterest& interest) {
  const std::string line = TRY(tree.first_line(path));
  const auto record = parse_record(line);
  if (!record.ok()) return {};
  const auto key = public_key_from_base64(string_or(record->body, "box_key", ""));
  const auto tag = chain_tag(string_or(record->body, "nonce", ""), record->head.owner);
  if (key.ok()) interest.keys.insert(*key);
  learn(record->body, "key_history", interest.keys);
  if (tag.ok()) interest.tags.insert(*tag);
  if (tag.ok() && is_book) interest.cases.insert(*tag);
  return {};
}

// Keys that a book changed to later. Canonical lines: the kind's name stands in one form only.
Result<void> take_changes(const Tree& tree, const std::string& path, LogInterest& interest) {
  TRY(tree.lines(path, [&](std::string_view line) -> Result<void> {
    if (line.find("\"type\":\"key_change\"") == std::string_view::npos) return {};
    const auto record = parse_record(line);
    if (record.ok() && record->head.type == "key_change") learn(record->body, "changes", interest.keys);
    return {};
  }));
  return {};
}

}  // namespace

bool earlier_keys_hold(const Json& body, const PublicKey& box_key) {
  if (!body.contains("key_history")) return true;
  const auto history = key_history_from(body["key_history"]);
  return history.ok() && history->back().box_key == box_key && key_history_holds(*history);
}

Result<LogInterest> log_interest_of(const Tree& tree, const Scope& scope) {
  LogInterest interest;
  for (const Place& place : scope.recordings)
    if (const std::string path = below(place.base, "chain.jsonl"); tree.has(path)) TRY(take_first(tree, path, false, interest));
  for (const Place& place : scope.books) {
    const std::string path = below(place.base, "book.jsonl");
    if (!tree.has(path)) continue;
    TRY(take_first(tree, path, true, interest));
    TRY(take_changes(tree, path, interest));
  }
  return interest;
}

}  // namespace netsampler::verify
