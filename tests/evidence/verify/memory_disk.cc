#include "tests/evidence/verify/memory_disk.h"

#include <set>

namespace netsampler::test {

Result<Bytes> MemoryDisk::read(const std::string& path, std::size_t limit_bytes) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return fail(ErrorKind::not_found, path);
  if (path == unreadable) return fail(ErrorKind::io, path);
  if (found->second.size() > limit_bytes) return fail(ErrorKind::full, path);
  const ByteView bytes = as_bytes(found->second);
  return Bytes(bytes.begin(), bytes.end());
}

// Small pieces, so that lines and boxes are cut anywhere.
Result<void> MemoryDisk::read_pieces(const std::string& path, const PieceVisitor& each) const {
  const Bytes bytes = TRY(read(path, std::size_t{1} << 30));
  ByteView rest(bytes);
  while (!rest.empty()) {
    const std::size_t size = std::min<std::size_t>(rest.size(), 257);
    TRY(each(rest.first(size)));
    rest = rest.subspan(size);
  }
  return {};
}

Result<FileInfo> MemoryDisk::info(const std::string& path) const {
  if (path == odd) return fail(ErrorKind::invalid, path);
  const auto found = files_.find(path);
  if (found != files_.end()) return FileInfo{static_cast<std::int64_t>(found->second.size()), false};
  const auto below = files_.lower_bound(path + "/");
  if (below != files_.end() && below->first.starts_with(path + "/")) return FileInfo{0, true};
  return fail(ErrorKind::not_found, path);
}

Result<std::vector<std::string>> MemoryDisk::list(const std::string& path) const {
  std::set<std::string> names;
  const std::string prefix = path + "/";
  for (auto at = files_.lower_bound(prefix); at != files_.end() && at->first.starts_with(prefix); ++at) {
    const std::string rest = at->first.substr(prefix.size());
    names.insert(rest.substr(0, rest.find('/')));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace netsampler::test
