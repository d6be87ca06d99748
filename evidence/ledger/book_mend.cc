#include "evidence/ledger/book_mend.h"

#include <algorithm>

#include "evidence/ledger/sealed_store.h"

namespace netsampler {
namespace {

constexpr std::size_t kNamedAtOnce = 100;  // 64 KiB of record hold about 250 names

Result<void> keep_copy(FileSystem& disk, const std::string& root, ByteView bytes, const std::string& extension) {
  TRY(disk.make_directories(root + "/files"));
  const std::string path = root + "/files/" + hex_of(sha256(bytes)) + extension;
  if (exists(disk, path)) return {};
  return write_whole(disk, path, bytes);
}

Result<void> keep_prefix(FileSystem& disk, const std::string& path, std::size_t bytes) {
  const Bytes whole = TRY(disk.read(path, kChainBytes));
  return write_whole(disk, path, ByteView(whole).first(std::min(bytes, whole.size())));
}

}  // namespace

Result<void> put_torn_aside(FileSystem& disk, const std::string& root, const ChainScan& scan) {
  if (!scan.torn.empty()) {
    TRY(keep_copy(disk, root, scan.torn, ".torn"));
    TRY(keep_prefix(disk, root + "/book.jsonl", static_cast<std::size_t>(scan.position.bytes)));
  }
  if (!scan.private_rest.empty()) {
    TRY(keep_copy(disk, root, scan.private_rest, ".openings"));
    TRY(keep_prefix(disk, root + "/private.jsonl", scan.private_good_bytes));
  }
  return {};
}

Result<void> name_partials(FileSystem& disk, const std::string& root) {
  if (!exists(disk, root + "/files")) return {};
  const auto names = TRY(disk.list(root + "/files"));
  for (const auto& name : names) {
    if (!name.ends_with(".partial")) continue;
    const NamedFile file = TRY(hash_file(disk, root, "files/" + name));
    const std::string to = root + "/files/" + file.sha256 + ".orphan";
    TRY(disk.replace(root + "/files/" + name, to));
    TRY(disk.sync_directory(root + "/files"));
  }
  return {};
}

Result<std::vector<NamedFile>> leftovers(const FileSystem& disk, const std::string& root, const std::vector<std::string>& named) {
  std::vector<NamedFile> found;
  if (!exists(disk, root + "/files")) return found;
  const auto names = TRY(disk.list(root + "/files"));
  for (const auto& name : names) {
    const std::string path = "files/" + name;
    if (found.size() == kNamedAtOnce) break;
    if (std::find(named.begin(), named.end(), path) == named.end()) found.push_back(TRY(hash_file(disk, root, path)));
  }
  return found;
}

}  // namespace netsampler
