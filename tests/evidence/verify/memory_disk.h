// A directory tree in memory, read as a disk: what attacks are made on.
#pragma once
#include <map>
#include <string>

#include "evidence/base/read_only.h"

namespace netsampler::test {

using Files = std::map<std::string, std::string>;  // path → bytes

class MemoryDisk final : public ReadOnlyFileSystem {
 public:
  explicit MemoryDisk(const Files& files) : files_(files) {}
  Result<Bytes> read(const std::string& path, std::size_t limit_bytes) const override;
  Result<void> read_pieces(const std::string& path, const PieceVisitor& each) const override;
  Result<void> read_pieces_from(const std::string& path, std::int64_t from_bytes, const PieceVisitor& each) const override {
    begun_at.push_back(from_bytes);
    return FileSystem::read_pieces_from(path, from_bytes, each);
  }
  Result<FileInfo> info(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& path) const override;

  std::string odd;         // a path that is neither file nor directory
  std::string unreadable;  // a path whose bytes the disk does not give
  mutable std::vector<std::int64_t> begun_at;  // where each read_pieces_from began

 private:
  const Files& files_;
};

}  // namespace netsampler::test
