#include "evidence/ledger/recovery.h"

#include <algorithm>
#include <set>

#include "evidence/base/log.h"
#include "evidence/format/names.h"
#include "evidence/ledger/sealed_store.h"

namespace netsampler {
namespace {

constexpr std::size_t kOrphansNamed = 100;

const char* file_name(ChainKind chain) { return chain == ChainKind::book ? "book.jsonl" : "chain.jsonl"; }
const std::string& root_of(const EvidenceRoots& roots, ChainKind chain) {
  return chain == ChainKind::book ? roots.cases : roots.recordings;
}

Result<void> pass_over(const IndexEntry&) { return {}; }

Result<bool> ends_alike(const FileSystem& disk, const std::string& directory, ChainKind chain, const std::optional<ChainEnd>& known) {
  const std::string path = directory + "/" + file_name(chain);
  const std::int64_t bytes = exists(disk, path) ? TRY(disk.info(path)).bytes : 0;
  const std::int64_t indexed = known ? known->bytes : 0;
  if (bytes == indexed) return true;
  if (bytes < indexed) return false;
  const ChainScan scan = TRY(scan_chain(disk, directory, file_name(chain), pass_over));  // a torn or damaged end is not indexed
  return scan.position.bytes == indexed;
}

Result<bool> chains_alike(const FileSystem& disk, const EvidenceRoots& roots, const Index& index, ChainKind chain) {
  const auto on_disk = TRY(ids_on_disk(disk, roots, chain));
  for (const auto& id : TRY(index.chain_ids(chain)))
    if (!std::binary_search(on_disk.begin(), on_disk.end(), id)) return false;
  for (const auto& id : on_disk) {
    const auto known = TRY(index.end_of(chain, id));
    if (!TRY(ends_alike(disk, root_of(roots, chain) + "/" + id, chain, known))) return false;
  }
  return true;
}

Result<std::int64_t> index_chains(const FileSystem& disk, const EvidenceRoots& roots, ChainKind chain, Index& index) {
  std::int64_t records = 0;
  const auto put = [&](const IndexEntry& entry) -> Result<void> {
    ++records;
    return index.put_in_transaction(entry);
  };
  for (const auto& id : TRY(ids_on_disk(disk, roots, chain))) {
    const ChainScan scan = TRY(scan_chain(disk, root_of(roots, chain) + "/" + id, file_name(chain), put));
    if (scan.damage) log(LogLevel::warning, std::string(file_name(chain)) + " of " + id + " is damaged at " + *scan.damage);
  }
  return records;
}

// What one reading of an interrupted recording tells.
struct Interruption {
  ChainScan scan;
  std::vector<std::string> named;
};

Result<Interruption> read_interrupted(const FileSystem& disk, const std::string& root) {
  Interruption found;
  found.named = {"chain.jsonl", "private.jsonl", "keys.txt"};
  const auto visit = [&](const IndexEntry& entry) -> Result<void> {
    for (const auto& file : TRY(files_of(entry.record.body))) found.named.push_back(file.path);
    return {};
  };
  found.scan = TRY(scan_chain(disk, root, "chain.jsonl", visit));
  std::sort(found.named.begin(), found.named.end());
  return found;
}

Result<Json> interruption_body(const FileSystem& disk, const std::string& root, const std::string& recording) {
  const Interruption found = TRY(read_interrupted(disk, root));
  Json orphans = Json::array();
  std::int64_t count = 0;
  for (const auto& path : TRY(walk(disk, root))) {
    if (std::binary_search(found.named.begin(), found.named.end(), path) || !is_record_path(path)) continue;
    if (++count <= static_cast<std::int64_t>(kOrphansNamed)) orphans.push_back(json_of(TRY(hash_file(disk, root, path))));
  }
  return Json{{"code", "interrupted"}, {"severity", "partial"},  {"recording", recording},
              {"count", count},        {"orphans", std::move(orphans)}, {"torn_bytes", found.scan.torn.size()},
              {"torn_sha256", hex_of(sha256(found.scan.torn))}};
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

Result<bool> index_is_current(const FileSystem& disk, const EvidenceRoots& roots, const Index& index) {
  return TRY(chains_alike(disk, roots, index, ChainKind::recording)) && TRY(chains_alike(disk, roots, index, ChainKind::book));
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

Result<void> declare_interrupted(const FileSystem& disk, const EvidenceRoots& roots, const std::string& recording, Books& books,
                                 const Index& index) {
  const std::string root = roots.recordings + "/" + recording;
  const Json body = TRY_WITH(interruption_body(disk, root, recording), "interrupted recording " + recording);
  const auto opened = index.opened(recording);  // not_found: it was cut before its first record
  std::string book = opened.ok() && !opened->case_tag.empty() ? TRY(index.case_of_tag(opened->case_tag)) : "";
  if (book.empty() || !books.has(book)) book = kBoxBook;
  auto told = books.append(book, "finding", kBoxActor, body);
  if (!told.ok() && book != kBoxBook) told = books.append(kBoxBook, "finding", kBoxActor, body);  // the case's own book is damaged
  if (!told.ok()) return std::move(told.error()).with("interrupted recording " + recording);
  return {};
}

}  // namespace netsampler
