// The directory under verification: what lies in it, and each file's digest, computed once.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "evidence/base/crypto.h"
#include "evidence/base/file_system.h"
#include "evidence/base/queue.h"
#include "evidence/verify/file_list.h"
#include "evidence/verify/report.h"

namespace netsampler::verify {

struct Digest {
  std::int64_t bytes = 0;
  Hash sha256{};
  std::optional<Hash> sm3;  // only where it was asked for
};

using LineVisitor = std::function<Result<void>(std::string_view line)>;

// How a file of lines ended.
struct LinesEnd {
  std::int64_t torn_bytes = 0;  // behind the last newline
  std::string torn_sha256;      // hex, of those
  bool too_long = false;        // a line beyond the limit: reading stopped there
};

class Tree {
 public:
  // Lists all files below `root`. What is neither file nor directory, or deeper than 16 levels, is odd. `invalid` where they are more
  // than a million, or what is held of them until the report is written would take more than `most_bytes`.
  static Result<Tree> scan(const FileSystem& disk, const std::string& root, bool deep, std::size_t most_bytes = kAnyBytes);

  const FileList& files() const { return *files_; }
  const std::shared_ptr<const FileList>& list() const { return files_; }  // for who outlives the tree
  bool has(const std::string& path) const { return files_->contains(path); }
  const std::vector<std::string>& odd() const { return odd_; }  // sorted
  std::size_t left_bytes() const;  // of `most_bytes`
  bool fits(const std::string& path, std::size_t limit_bytes) const;  // it is there, and not larger
  bool has_directory(const std::string& path) const;  // holds at least one file
  // Streams, in pieces of 1 MiB. Any thread; what one has computed all know.
  Result<Digest> digest(const std::string& path) const;
  // The same, and `also` sees the bytes; what it answers is its own affair. Reads also where the digest is known.
  Result<Digest> digest_and(const std::string& path, const std::function<void(ByteView)>& also) const;
  bool knows(std::size_t index) const;  // the digest of that file of the list
  // The whole file, up to the limit; its digest is then known too.
  Result<Bytes> read(const std::string& path, std::size_t limit_bytes) const;
  // Up to the first newline; empty where there is no whole line.
  Result<std::string> first_line(const std::string& path) const;
  // Whole lines (without newline) one after the other, in bounded memory.
  Result<LinesEnd> lines(const std::string& path, const LineVisitor& each) const { return lines_from(path, 0, each); }
  Result<LinesEnd> lines_from(const std::string& path, std::int64_t from_bytes, const LineVisitor& each) const;  // a line begins there

 private:
  struct Known {  // by the list's index
    std::vector<Hash> sha256, sm3;  // sm3: empty unless asked for
    std::vector<std::int64_t> bytes;
    std::vector<bool> is_known;
  };
  Tree(const FileSystem& disk, std::string root, bool deep) : disk_(&disk), root_(std::move(root)), deep_(deep) {}
  Result<void> scan_into(FileList& found, const std::string& below, int depth);
  Result<void> scan_name(FileList& found, const std::string& below, int depth, const std::string& name, std::optional<std::uint32_t>& directory);
  std::size_t held_bytes(const FileList& found) const;
  Result<void> room_for_more(const FileList& found) const;
  Digest remember(const std::string& path, const Digest& digest) const;
  const FileSystem* disk_;
  std::string root_;
  bool deep_;
  std::shared_ptr<const FileList> files_;
  std::vector<std::string> odd_;
  std::size_t odd_bytes_ = 0, most_bytes_ = kAnyBytes;
  std::unique_ptr<Guarded<Known>> known_ = std::make_unique<Guarded<Known>>();
};

}  // namespace netsampler::verify
