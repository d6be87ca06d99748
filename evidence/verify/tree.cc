#include "evidence/verify/tree.h"

#include <algorithm>
#include <optional>

namespace netsampler::verify {
namespace {

constexpr std::size_t kMaxFiles = 1'000'000;
constexpr std::size_t kBytesAFile = sizeof(Hash) + sizeof(std::int64_t) + sizeof(HashLine) + 1;  // beside the list: digest, line of the hash list, bits
constexpr int kMaxDepth = 16;

class DigestMaker {
 public:
  explicit DigestMaker(bool deep) {
    if (deep) sm3_.emplace(HashKind::sm3);
  }
  void update(ByteView bytes) {
    digest_.bytes += static_cast<std::int64_t>(bytes.size());
    sha256_.update(bytes);
    if (sm3_) sm3_->update(bytes);
  }
  Digest finish() {
    digest_.sha256 = sha256_.finish();
    if (sm3_) digest_.sm3 = sm3_->finish();
    return digest_;
  }

 private:
  Digest digest_;
  Hasher sha256_{HashKind::sha256};
  std::optional<Hasher> sm3_;
};

// Joins pieces into lines and never holds more than one line and one piece.
class LineJoiner {
 public:
  explicit LineJoiner(const LineVisitor& each) : each_(each) {}
  Result<void> take(ByteView piece) {
    std::string_view rest = as_text(piece);
    while (!end_.too_long && !rest.empty()) {
      const std::size_t newline = rest.find('\n');
      held_ += rest.substr(0, newline);
      end_.too_long = held_.size() >= kLineBytes;
      if (newline == std::string_view::npos || end_.too_long) return {};
      TRY(each_(held_));
      held_.clear();
      rest.remove_prefix(newline + 1);
    }
    return {};
  }
  LinesEnd end() {
    end_.torn_bytes = static_cast<std::int64_t>(held_.size());
    end_.torn_sha256 = hex_of(sha256(as_bytes(held_)));
    return end_;
  }

 private:
  const LineVisitor& each_;
  std::string held_;
  LinesEnd end_;
};

// A file that was there a moment ago and cannot be read now is the disk's fault, whatever the system calls it.
Error reading_failed(Error error) { return fail(ErrorKind::io, std::move(error.text)); }

}  // namespace

Result<Tree> Tree::scan(const FileSystem& disk, const std::string& root, bool deep, std::size_t most_bytes) {
  Tree tree(disk, root, deep);
  tree.most_bytes_ = most_bytes;
  auto found = std::make_shared<FileList>();
  TRY(tree.scan_into(*found, "", 0));
  found->sort();
  std::ranges::sort(tree.odd_);
  tree.files_ = found;
  tree.known_->with([&](Known& known) {
    known.sha256.resize(found->size());
    known.sm3.resize(deep ? found->size() : 0);
    known.bytes.resize(found->size());
    known.is_known.resize(found->size());
  });
  return tree;
}

// Names come one by one, in the disk's order: a directory of a million of them is never held.
Result<void> Tree::scan_into(FileList& found, const std::string& below, int depth) {
  std::optional<std::uint32_t> directory;  // once it holds a file
  Result<void> refused;                    // ours, not the disk's
  const auto listed = disk_->visit_names(below.empty() ? root_ : root_ + "/" + below, [&](const std::string& name) {
    refused = scan_name(found, below, depth, name, directory);
    return refused;
  });
  TRY(refused);
  if (!listed.ok()) return reading_failed(listed.error());
  return {};
}

Result<void> Tree::scan_name(FileList& found, const std::string& below, int depth, const std::string& name, std::optional<std::uint32_t>& directory) {
  const std::string path = below.empty() ? name : below + "/" + name;
  const Result<FileInfo> info = disk_->info(root_ + "/" + path);
  if (!info.ok() && info.error().kind != ErrorKind::invalid) return reading_failed(info.error());
  TRY(room_for_more(found));
  if (!info.ok() || (info->directory && depth == kMaxDepth)) {
    odd_.push_back(path);
    odd_bytes_ += sizeof(path) + path.size() + 16;
    return {};
  }
  if (info->directory) return scan_into(found, path, depth + 1);
  if (!directory) directory = found.add_directory(below);
  found.add(*directory, name, info->bytes);
  return {};
}

std::size_t Tree::held_bytes(const FileList& found) const {
  return found.held_bytes() + odd_bytes_ + found.size() * (kBytesAFile + (deep_ ? sizeof(Hash) : 0));
}

std::size_t Tree::left_bytes() const { return most_bytes_ == kAnyBytes ? kAnyBytes : most_bytes_ - std::min(most_bytes_, held_bytes(*files_)); }

Result<void> Tree::room_for_more(const FileList& found) const {
  if (found.size() + odd_.size() < kMaxFiles && held_bytes(found) < most_bytes_) return {};
  return fail(ErrorKind::invalid, "more files (here " + std::to_string(found.size() + odd_.size()) +
                                      ") than are verified at once: give a single case's package, one recording, or more memory (--memory)");
}

bool Tree::has_directory(const std::string& path) const {
  const auto first = files_->lower_bound(path + "/");
  return first != files_->end() && first->first.starts_with(path + "/");
}

bool Tree::fits(const std::string& path, std::size_t limit_bytes) const {
  return has(path) && files_->at(path) <= static_cast<std::int64_t>(limit_bytes);
}

bool Tree::knows(std::size_t index) const {
  return known_->with([&](const Known& known) { return static_cast<bool>(known.is_known[index]); });
}

Digest Tree::remember(const std::string& path, const Digest& digest) const {
  const std::size_t index = files_->find(path);
  if (index == files_->size()) return digest;
  known_->with([&](Known& known) {
    known.sha256[index] = digest.sha256;
    if (digest.sm3) known.sm3[index] = *digest.sm3;
    known.bytes[index] = digest.bytes;
    known.is_known[index] = true;
  });
  return digest;
}

Result<Digest> Tree::digest(const std::string& path) const {
  const std::size_t index = files_->find(path);
  const auto known = known_->with([&](const Known& all) -> std::optional<Digest> {
    if (index == files_->size() || !all.is_known[index]) return std::nullopt;
    return Digest{all.bytes[index], all.sha256[index], deep_ ? std::optional(all.sm3[index]) : std::nullopt};
  });
  if (known) return *known;
  return digest_and(path, [](ByteView) {});
}

Result<Digest> Tree::digest_and(const std::string& path, const std::function<void(ByteView)>& also) const {
  DigestMaker maker(deep_);
  const auto read = disk_->read_pieces(root_ + "/" + path, [&](ByteView piece) {
    maker.update(piece);
    also(piece);
    return Result<void>();
  });
  if (!read.ok()) return reading_failed(read.error());
  return remember(path, maker.finish());
}

Result<Bytes> Tree::read(const std::string& path, std::size_t limit_bytes) const {
  auto bytes = disk_->read(root_ + "/" + path, limit_bytes);
  if (!bytes.ok()) return reading_failed(bytes.error());
  DigestMaker maker(deep_);
  maker.update(*bytes);
  remember(path, maker.finish());
  return bytes.take();
}

Result<std::string> Tree::first_line(const std::string& path) const {
  std::string first;
  bool found = false;
  const LineVisitor keep = [&](std::string_view line) -> Result<void> {
    first = line;
    found = true;
    return fail(ErrorKind::full, "one line is enough");
  };
  LineJoiner joiner(keep);
  const auto read = disk_->read_pieces(root_ + "/" + path, [&](ByteView piece) { return joiner.take(piece); });
  if (!read.ok() && !found) return reading_failed(read.error());
  return first;
}

Result<LinesEnd> Tree::lines_from(const std::string& path, std::int64_t from_bytes, const LineVisitor& each) const {
  Result<void> refused;  // by the visitor, not by the disk
  const LineVisitor visitor = [&](std::string_view line) { return refused = each(line); };
  LineJoiner joiner(visitor);
  const auto read = disk_->read_pieces_from(root_ + "/" + path, from_bytes, [&](ByteView piece) { return joiner.take(piece); });
  TRY(std::move(refused));
  if (!read.ok()) return reading_failed(read.error());
  return joiner.end();
}

}  // namespace netsampler::verify
