// A disk in memory that fails at operation n and then forgets what was never synced. Append-only files: what is durable of a file is a
// prefix; what is durable of a directory is what its last sync saw.
#pragma once
#include <map>
#include <memory>
#include <set>

#include "evidence/base/file_system.h"

namespace netsampler {

// What a cut leaves. killed: all that was written. forgotten: only what was synced. torn: also half of what was not, names as synced.
// renamed: names as last seen, contents as last synced (a file system that orders renames before data). openings_lost, lines_lost: the system had
// written everything back by itself, but not what is unsynced of the files private.jsonl, or of the chains and books.
enum class Cut { killed, forgotten, torn, renamed, openings_lost, lines_lost };

class FaultyFileSystem final : public FileSystem {
 public:
  int operations = 0;
  int cut_at = -1;         // from this operation on nothing works any more
  int fail_once_at = -1;   // this one fails, later ones work
  std::string unreadable;   // a path whose bytes the disk does not give
  bool last_first = false;  // sync_all begins with its last file
  // The machine comes back: faults off, and of the unsynced only what `cut` leaves.
  void come_back(Cut cut);
  void damage(const std::string& path, std::size_t offset);
  void append_raw(const std::string& path, const std::string& bytes);

  Result<std::unique_ptr<AppendFile>> create(const std::string& path) override;
  Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override;
  std::vector<Result<void>> sync_all(const std::vector<AppendFile*>& files) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> replace(const std::string& from, const std::string& to) override;
  Result<void> sync_directory(const std::string& path) override;
  Result<void> make_directories(const std::string& path) override;
  Result<void> remove(const std::string& path) override;
  Result<Bytes> read(const std::string& path, std::size_t limit_bytes) const override;
  Result<void> read_pieces(const std::string& path, const PieceVisitor& each) const override;
  Result<FileInfo> info(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& path) const override;

 private:
  friend class FaultyAppendFile;
  struct Inode {
    Bytes content;
    std::size_t synced = 0;
  };
  using Names = std::map<std::string, std::shared_ptr<Inode>>;
  Result<void> move_directory(const std::string& from, const std::string& to);
  bool step();  // false: this operation fails
  std::unique_ptr<AppendFile> handle(std::shared_ptr<Inode> inode);
  Names names_, durable_;
  std::set<std::string> directories_;
};

}  // namespace netsampler
