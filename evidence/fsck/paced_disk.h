// The box's disk as fsck reads it: read-only, at a bounded rate, a growing chain no further than it was when looked at first, and a file
// that the system cannot read taken for empty, noted, and not the end of the whole run.
#pragma once
#include <map>
#include <set>

#include "evidence/base/read_only.h"
#include "evidence/fsck/pace.h"

namespace netsampler {

class PacedDisk final : public ReadOnlyFileSystem {
 public:
  PacedDisk(const FileSystem& disk, Pace& pace) : disk_(disk), pace_(pace) {}
  // From now on the file ends where it ends now: what a running recording adds is newer than the head that is checked.
  void freeze(const std::string& path);
  // Shows chains, keys, openings and the box log only: what media, pages and files hold is checked a directory at a time.
  void show_chains_only(bool only) { chains_only_ = only; }
  const std::set<std::string>& unreadable() const { return unreadable_; }  // paths

  Result<Bytes> read(const std::string& path, std::size_t limit_bytes) const override;
  Result<void> read_pieces(const std::string& path, const PieceVisitor& each) const override;
  Result<FileInfo> info(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& path) const override;

 private:
  const FileSystem& disk_;
  Pace& pace_;
  std::map<std::string, std::int64_t> ends_;  // frozen files: bytes
  bool chains_only_ = false;
  mutable std::set<std::string> unreadable_;
};

}  // namespace netsampler
