// The disk, handed in: the ledger writes through this door only, so that a test can fail or cut at operation n and forget
// what was not synced. Paths are absolute or relative to the working directory; nothing follows a symbolic link on creation.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "evidence/base/bytes.h"

namespace netsampler {

struct FileInfo {
  std::int64_t bytes = 0;
  bool directory = false;
};

// An open file that grows at its end.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  virtual Result<void> write(ByteView bytes) = 0;
  virtual Result<void> sync() = 0;  // fdatasync; after a failure nobody knows what the disk holds
};

using PieceVisitor = std::function<Result<void>(ByteView)>;
using NameVisitor = std::function<Result<void>(const std::string& name)>;

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual Result<std::unique_ptr<AppendFile>> create(const std::string& path) = 0;       // must not exist
  virtual Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) = 0;  // made where absent
  // Syncs open files of this disk, in any order or at the same time: a cut may leave each of them durable and any other not. One outcome
  // for each, in their order. This one does one after the other.
  virtual std::vector<Result<void>> sync_all(const std::vector<AppendFile*>& files);
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;       // refuses to replace a file
  virtual Result<void> replace(const std::string& from, const std::string& to) = 0;      // rename that may replace
  virtual Result<void> sync_directory(const std::string& path) = 0;
  virtual Result<void> make_directories(const std::string& path) = 0;  // durable: each new parent synced
  virtual Result<void> remove(const std::string& path) = 0;
  virtual Result<Bytes> read(const std::string& path, std::size_t limit_bytes) const = 0;
  // Hands the file's bytes to `each` in order, in pieces of at most 1 MiB; stops at its first error. Bounded memory.
  virtual Result<void> read_pieces(const std::string& path, const PieceVisitor& each) const = 0;
  // The same from byte `from_bytes` on. This one reads what lies before, too.
  virtual Result<void> read_pieces_from(const std::string& path, std::int64_t from_bytes, const PieceVisitor& each) const;
  virtual Result<FileInfo> info(const std::string& path) const = 0;
  // Names (not paths) in a directory, sorted by bytes.
  virtual Result<std::vector<std::string>> list(const std::string& path) const = 0;
  // The same names one by one, in no order; stops at the visitor's first error. The real disk holds none of them.
  virtual Result<void> visit_names(const std::string& path, const NameVisitor& each) const;
};

class SyncPool;

class RealFileSystem final : public FileSystem {
 public:
  RealFileSystem();
  ~RealFileSystem() override;
  Result<std::unique_ptr<AppendFile>> create(const std::string& path) override;
  Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override;
  std::vector<Result<void>> sync_all(const std::vector<AppendFile*>& files) override;  // at the same time
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> replace(const std::string& from, const std::string& to) override;
  Result<void> sync_directory(const std::string& path) override;
  Result<void> make_directories(const std::string& path) override;
  Result<void> remove(const std::string& path) override;
  Result<Bytes> read(const std::string& path, std::size_t limit_bytes) const override;
  Result<void> read_pieces(const std::string& path, const PieceVisitor& each) const override;
  Result<void> read_pieces_from(const std::string& path, std::int64_t from_bytes, const PieceVisitor& each) const override;
  Result<FileInfo> info(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& path) const override;
  Result<void> visit_names(const std::string& path, const NameVisitor& each) const override;

 private:
  std::unique_ptr<SyncPool> syncs_;  // made when it is first needed
};

std::string parent_of(const std::string& path);  // "a/b" → "a"; "a" → "."
bool exists(const FileSystem& disk, const std::string& path);
// path.partial, written and synced, then renamed over `path`, directory synced: the whole text or the old one, never half.
Result<void> write_whole(FileSystem& disk, const std::string& path, ByteView bytes);
// The file's beginning up to its first newline, that included; without one where none stands in its first `limit_bytes` (at most 64 KiB).
Result<std::string> first_line(const FileSystem& disk, const std::string& path, std::size_t limit_bytes);
// All regular files below `root`, as paths relative to it, sorted by bytes; symbolic links are an `invalid` error.
Result<std::vector<std::string>> walk(const FileSystem& disk, const std::string& root);

}  // namespace netsampler
