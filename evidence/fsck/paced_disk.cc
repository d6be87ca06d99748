#include "evidence/fsck/paced_disk.h"

#include <algorithm>
#include <array>

namespace netsampler {
namespace {

constexpr std::array kBulk{"media", "pages", "files"};

}  // namespace

void PacedDisk::freeze(const std::string& path) {
  const auto info = disk_.info(path);
  if (info.ok()) ends_[path] = info->bytes;
}

Result<Bytes> PacedDisk::read(const std::string& path, std::size_t limit_bytes) const {
  auto bytes = disk_.read(path, limit_bytes);
  if (!bytes.ok() && bytes.error().kind == ErrorKind::io) {
    unreadable_.insert(path);
    return Bytes();
  }
  if (bytes.ok()) TRY(pace_.took(static_cast<std::int64_t>(bytes->size())));
  return bytes;
}

Result<void> PacedDisk::read_pieces(const std::string& path, const PieceVisitor& each) const {
  const auto frozen = ends_.find(path);
  std::int64_t left = frozen == ends_.end() ? INT64_MAX : frozen->second;
  bool told = false;  // the visitor's own word, not the disk's
  const auto read = disk_.read_pieces(path, [&](ByteView piece) -> Result<void> {
    const auto size = static_cast<std::size_t>(std::min(left, static_cast<std::int64_t>(piece.size())));
    left -= static_cast<std::int64_t>(size);
    Result<void> taken = pace_.took(static_cast<std::int64_t>(piece.size()));
    if (taken.ok() && size > 0) taken = each(piece.first(size));
    told = !taken.ok();
    return taken;
  });
  if (read.ok() || told || read.error().kind != ErrorKind::io) return read;
  unreadable_.insert(path);
  return {};
}

Result<FileInfo> PacedDisk::info(const std::string& path) const { return disk_.info(path); }

Result<std::vector<std::string>> PacedDisk::list(const std::string& path) const {
  auto names = disk_.list(path);
  if (names.ok() && chains_only_)
    std::erase_if(*names, [](const std::string& name) { return std::find(kBulk.begin(), kBulk.end(), name) != kBulk.end(); });
  return names;
}

}  // namespace netsampler
