// A directory tree in memory, read as a disk: what attacks are made on.
#pragma once
#include <map>
#include <string>

#include "evidence/base/file_system.h"

namespace netsampler::test {

using Files = std::map<std::string, std::string>;  // path → bytes

class MemoryDisk final : public FileSystem {
 public:
  explicit MemoryDisk(const Files& files) : files_(files) {}
  Result<std::unique_ptr<AppendFile>> create(const std::string&) override { return read_only(); }
  Result<std::unique_ptr<AppendFile>> open_append(const std::string&) override { return read_only(); }
  Result<void> rename(const std::string&, const std::string&) override { return read_only(); }
  Result<void> replace(const std::string&, const std::string&) override { return read_only(); }
  Result<void> sync_directory(const std::string&) override { return read_only(); }
  Result<void> make_directories(const std::string&) override { return read_only(); }
  Result<void> remove(const std::string&) override { return read_only(); }
  Result<Bytes> read(const std::string& path, std::size_t limit_bytes) const override;
  Result<void> read_pieces(const std::string& path, const PieceVisitor& each) const override;
  Result<FileInfo> info(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& path) const override;

  std::string odd;         // a path that is neither file nor directory
  std::string unreadable;  // a path whose bytes the disk does not give

 private:
  static Error read_only() { return fail(ErrorKind::denied, "a verifier only reads"); }
  const Files& files_;
};

}  // namespace netsampler::test
