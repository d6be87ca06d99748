#include "evidence/ledger/recovery.h"

#include <algorithm>
#include <set>

#include "evidence/base/log.h"
#include "evidence/base/present.h"
#include "evidence/format/names.h"
#include "evidence/ledger/sealed_store.h"

namespace netsampler {
namespace {

constexpr std::size_t kOrphansNamed = 100;

const char* file_name(ChainKind chain) { return chain == ChainKind::book ? "book.jsonl" : "chain.jsonl"; }
const std::string& root_of(const EvidenceRoots& roots, ChainKind chain) {
  return chain == ChainKind::book ? roots.cases : roots.recordings;
}

// Rows of what a chain holds beyond `known`. False where it is not what was indexed, with more behind it.
Result<bool> index_rest(const FileSystem& disk, const std::string& directory, ChainKind chain, const ChainEnd& known, Index& index) {
  bool fits = true;
  const auto put = [&](const IndexEntry& entry) -> Result<void> {
    const std::int64_t seq = entry.record.head.seq;
    if (seq == known.last_seq) fits = entry.head == known.head;
    if (seq > known.last_seq && fits) fits = index.put(entry).ok();
    return {};
  };
  const ChainScan scan = TRY(scan_chain(disk, directory, file_name(chain), put));
  return fits && scan.position.bytes >= known.bytes;
}

// True: its rows are all there now. An unreadable chain keeps the rows that it has.
Result<bool> catch_up_one(const FileSystem& disk, const std::string& directory, ChainKind chain, const std::string& id, Index& index) {
  const ChainEnd known = TRY(index.end_of(chain, id)).value_or(ChainEnd());
  const auto there = present(disk, directory + "/" + file_name(chain));
  const auto info = there.ok() && *there ? disk.info(directory + "/" + file_name(chain)) : Result<FileInfo>(FileInfo());
  const std::int64_t bytes = info.ok() ? info->bytes : known.bytes;
  if (bytes <= known.bytes) return bytes == known.bytes;
  const auto rest = index_rest(disk, directory, chain, known, index);
  if (!rest.ok()) log(LogLevel::error, "index: " + rest.error().text);
  return rest.value_or(true);
}

Result<bool> catch_up_with(const FileSystem& disk, const EvidenceRoots& roots, ChainKind chain, Index& index) {
  const auto on_disk = TRY(ids_on_disk(disk, roots, chain));
  for (const auto& id : TRY(index.chain_ids(chain)))
    if (!std::binary_search(on_disk.begin(), on_disk.end(), id)) return false;
  for (const auto& id : on_disk) {
    if (!TRY(catch_up_one(disk, root_of(roots, chain) + "/" + id, chain, id, index))) return false;
  }
  return true;
}

Result<std::int64_t> index_chains(const FileSystem& disk, const EvidenceRoots& roots, ChainKind chain, Index& index) {
  std::int64_t records = 0;
  Result<void> refused;  // by the index, not by the disk
  const auto put = [&](const IndexEntry& entry) {
    ++records;
    return refused = index.put(entry);
  };
  for (const auto& id : TRY(ids_on_disk(disk, roots, chain))) {
    const auto scan = scan_chain(disk, root_of(roots, chain) + "/" + id, file_name(chain), put);
    TRY(refused);
    if (!scan.ok()) log(LogLevel::error, std::string(file_name(chain)) + " of " + id + " is not in the index: " + scan.error().text);
    if (scan.ok() && scan->damage) log(LogLevel::warning, std::string(file_name(chain)) + " of " + id + " is damaged at " + *scan->damage);
  }
  return records;
}

// What one reading of an interrupted recording tells.
struct Interruption {
  ChainScan scan;
  std::vector<std::string> named;
  std::optional<Envelope> last;  // the last whole record's
};

Result<Interruption> read_interrupted(const FileSystem& disk, const std::string& root) {
  Interruption found;
  found.named = {"chain.jsonl", "private.jsonl", "keys.txt"};
  const auto visit = [&](const IndexEntry& entry) -> Result<void> {
    found.last = entry.record.head;
    for (const auto& file : TRY(files_of(entry.record.body))) found.named.push_back(file.path);
    return {};
  };
  found.scan = TRY(scan_chain(disk, root, "chain.jsonl", visit));
  std::sort(found.named.begin(), found.named.end());
  return found;
}

// Where it stopped, and why its writer ended: in the same boot the ledger died or was killed, in another one the machine stopped.
void tell_end(const std::optional<Envelope>& last, const std::string& present_boot, const std::string& cause, Json& body) {
  if (!cause.empty()) body["cause"] = cause;
  if (!last) return;
  if (cause.empty()) body["cause"] = last->boot == present_boot ? "process-died" : "restarted";
  body["last_seq"] = last->seq;
  body["last_us"] = last->at_us;
}

Result<Json> interruption_body(const FileSystem& disk, const std::string& root, const std::string& recording, const std::string& present_boot,
                               const std::string& cause) {
  const Interruption found = TRY(read_interrupted(disk, root));
  Json orphans = Json::array();
  std::int64_t count = 0;
  for (const auto& path : TRY(walk(disk, root))) {
    if (std::binary_search(found.named.begin(), found.named.end(), path) || !is_record_path(path)) continue;
    if (++count <= static_cast<std::int64_t>(kOrphansNamed)) orphans.push_back(json_of(TRY(hash_file(disk, root, path))));
  }
  Json body{{"code", "interrupted"}, {"severity", "partial"},  {"recording", recording},
            {"count", count},        {"orphans", std::move(orphans)}, {"torn_bytes", found.scan.torn.size()},
            {"torn_sha256", hex_of(sha256(found.scan.torn))}};
  if (found.scan.unopened_seq) body["unopened_seq"] = *found.scan.unopened_seq;
  tell_end(found.last, present_boot, cause, body);
  return body;
}

// ": the machine restarted; last record 12 at 2026-11-22 21:23:44; 17 torn bytes"
std::string words_of(const Json& body) {
  static constexpr std::pair<const char*, const char*> kCauses[] = {{"process-died", "the ledger died or was killed"},
                                                                    {"restarted", "the machine restarted or lost power"},
                                                                    {"disk-failed", "the disk failed"},
                                                                    {"keys-ended", "its keys had run out"}};
  std::string text;
  for (const auto& [cause, words] : kCauses)
    if (string_or(body, "cause", "") == cause) text += std::string(": ") + words;
  if (body.contains("last_seq"))
    text += "; last record " + std::to_string(int_or(body, "last_seq", 0)) + " at " + beijing_time(int_or(body, "last_us", 0));
  if (body.contains("unopened_seq")) text += "; from record " + std::to_string(int_or(body, "unopened_seq", 0)) + " on openings are missing";
  return text + "; torn bytes " + std::to_string(int_or(body, "torn_bytes", 0)) + ", files without a record " + std::to_string(int_or(body, "count", 0));
}

}  // namespace

Result<std::vector<std::string>> ids_on_disk(const FileSystem& disk, const EvidenceRoots& roots, ChainKind chain) {
  std::vector<std::string> ids;
  const std::string& root = root_of(roots, chain);
  if (!exists(disk, root)) return ids;
  for (const auto& name : TRY(disk.list(root)))
    if (chain == ChainKind::book ? is_case_id(name) : is_recording_id(name)) ids.push_back(name);
  return ids;
}

Result<bool> catch_up(const FileSystem& disk, const EvidenceRoots& roots, Index& index) {
  const bool done = TRY(catch_up_with(disk, roots, ChainKind::recording, index)) && TRY(catch_up_with(disk, roots, ChainKind::book, index));
  const Result<void> kept = index.flush();
  return done && kept.ok();
}

Result<std::int64_t> rebuild_index(const FileSystem& disk, const EvidenceRoots& roots, Index& index) {
  std::int64_t records = 0;
  const auto refill = [&](Index& empty) -> Result<void> {
    records += TRY(index_chains(disk, roots, ChainKind::recording, empty));
    records += TRY(index_chains(disk, roots, ChainKind::book, empty));
    return {};
  };
  TRY(index.rebuild(refill));
  return records;
}

Result<Json> declare_interrupted(const FileSystem& disk, const EvidenceRoots& roots, const std::string& recording, Books& books,
                                 const Index& index, const std::string& present_boot, const std::string& cause) {
  const std::string root = roots.recordings + "/" + recording;
  const Json body = TRY_WITH(interruption_body(disk, root, recording, present_boot, cause), "interrupted recording " + recording);
  const auto opened = index.opened(recording);  // not_found: it was cut before its first record
  std::string book = opened.ok() && !opened->case_tag.empty() ? TRY(index.case_of_tag(opened->case_tag)) : "";
  if (book.empty() || !books.has(book)) book = kBoxBook;
  auto told = books.append(book, "finding", kBoxActor, body);
  if (!told.ok() && book != kBoxBook) told = books.append(kBoxBook, "finding", kBoxActor, body);  // the case's own book is damaged
  if (!told.ok()) return std::move(told.error()).with("interrupted recording " + recording);
  log(LogLevel::warning, "recording " + recording + " was interrupted" + words_of(body));
  return body;
}

}  // namespace netsampler
