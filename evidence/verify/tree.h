// The directory under verification: what lies in it, and each file's digest, computed once.
#pragma once
#include <map>
#include <string>

#include "evidence/base/file_system.h"
#include "evidence/verify/report.h"

namespace netsampler::verify {

struct Digest {
  std::int64_t bytes = 0;
  std::string sha256, sm3;  // hex; sm3 only where it was asked for
};

using LineVisitor = std::function<Result<void>(std::string_view line)>;

// How a file of lines ended.
struct LinesEnd {
  std::int64_t torn_bytes = 0;  // behind the last newline
  bool too_long = false;        // a line beyond the limit: reading stopped there
};

class Tree {
 public:
  // Lists all files below `root`. At most a million files; what is neither file nor directory, or deeper than 16 levels, is odd.
  static Result<Tree> scan(const FileSystem& disk, const std::string& root, bool deep);

  const std::map<std::string, std::int64_t>& files() const { return files_; }  // path below the root → bytes
  bool has(const std::string& path) const { return files_.contains(path); }
  const std::vector<std::string>& odd() const { return odd_; }
  bool fits(const std::string& path, std::size_t limit_bytes) const;  // it is there, and not larger
  bool has_directory(const std::string& path) const;  // holds at least one file
  Result<Digest> digest(const std::string& path);     // streams
  // The whole file, up to the limit; its digest is then known too.
  Result<Bytes> read(const std::string& path, std::size_t limit_bytes);
  // Up to the first newline; empty where there is no whole line.
  Result<std::string> first_line(const std::string& path) const;
  // Whole lines (without newline) one after the other, in bounded memory.
  Result<LinesEnd> lines(const std::string& path, const LineVisitor& each) const;

 private:
  Tree(const FileSystem& disk, std::string root, bool deep) : disk_(&disk), root_(std::move(root)), deep_(deep) {}
  Result<void> scan_into(const std::string& below, int depth);
  const FileSystem* disk_;
  std::string root_;
  bool deep_;
  std::map<std::string, std::int64_t> files_;
  std::vector<std::string> odd_;
  std::map<std::string, Digest> digests_;
};

}  // namespace netsampler::verify
