#include "evidence/format/names.h"
#include "evidence/verify/log_check.h"

namespace netsampler::verify {
namespace {

Result<void> take(const Tree& tree, const std::string& path, bool is_book, LogInterest& interest) {
  if (!tree.has(path)) return {};
  const std::string line = TRY(tree.first_line(path));
  const auto record = parse_record(line);
  if (!record.ok()) return {};
  const auto key = public_key_from_base64(string_or(record->body, "box_key", ""));
  const auto tag = chain_tag(string_or(record->body, "nonce", ""), record->head.owner);
  if (key.ok()) interest.keys.insert(*key);
  if (tag.ok()) interest.tags.insert(*tag);
  if (tag.ok() && is_book) interest.cases.insert(*tag);
  return {};
}

}  // namespace

Result<LogInterest> log_interest_of(const Tree& tree, const Scope& scope) {
  LogInterest interest;
  for (const Place& place : scope.recordings) TRY(take(tree, below(place.base, "chain.jsonl"), false, interest));
  for (const Place& place : scope.books) TRY(take(tree, below(place.base, "book.jsonl"), true, interest));
  return interest;
}

}  // namespace netsampler::verify
