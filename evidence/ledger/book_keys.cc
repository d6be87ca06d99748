#include "evidence/ledger/book_keys.h"

#include <algorithm>

#include "evidence/base/present.h"
#include "evidence/format/record.h"
#include "evidence/ledger/chain_reader.h"

namespace netsampler {
namespace {

Result<void> take(const Record& record, std::optional<BookKeys>& keys) {
  if (record.head.type == "case_open" && !keys) {
    keys.emplace();
    const std::string text = TRY(get_string(record.body, "box_key"));
    keys->first = TRY(public_key_from_base64(text));
    keys->from_us = record.head.at_us;
  }
  if (record.head.type != "key_change" || !keys) return {};
  const KeyHistory changes = TRY(key_history_from(record.body.value("changes", Json::array())));
  if (changes.front().old_key != keys->current() || !key_history_holds(changes)) return fail(ErrorKind::invalid, "its changes of keys do not hold");
  keys->changes.insert(keys->changes.end(), changes.begin(), changes.end());
  return {};
}

}  // namespace

Result<std::optional<BookKeys>> read_book_keys(const FileSystem& disk, const std::string& book_path) {
  std::optional<BookKeys> keys;
  if (!TRY(present(disk, book_path))) return keys;
  const Bytes bytes = TRY(disk.read(book_path, kChainBytes));
  const std::string_view text = as_text(bytes);
  std::size_t at = 0;
  for (std::size_t end; (end = text.find('\n', at)) != std::string_view::npos; at = end + 1) {
    const std::string_view line = text.substr(at, end - at);
    if (at > 0 && line.find("\"type\":\"key_change\"") == std::string_view::npos) continue;  // canonical: one spelling
    const auto record = parse_record(line);
    if (at == 0 && !record.ok()) return keys;
    const auto taken = record.ok() ? take(*record, keys) : Result<void>(record.error());
    if (!taken.ok()) return fail(ErrorKind::io, book_path + " is damaged: " + taken.error().text + " (restore it)");
  }
  return keys;
}

KeyHistory changes_since(const KeyHistory& history, const PublicKey& key) {
  const auto from = std::find_if(history.begin(), history.end(), [&](const KeyChange& change) { return change.old_key == key; });
  return {from, history.end()};
}

}  // namespace netsampler
