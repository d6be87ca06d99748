#include "tests/evidence/ledger/faulty_file_system.h"

#include <algorithm>

namespace netsampler {
namespace {

Error broken() { return fail(ErrorKind::io, "the disk failed (test)"); }
Error absent(const std::string& path) { return fail(ErrorKind::not_found, path + ": not there"); }
bool lies_in(const std::string& path, const std::string& directory) { return parent_of(path) == directory; }

// How much of a file's unsynced bytes a cut leaves.
std::size_t left_of(Cut cut, const std::string& path, std::size_t unsynced) {
  const bool openings = path.ends_with("/private.jsonl"), lines = path.ends_with("/chain.jsonl") || path.ends_with("/book.jsonl");
  if (cut == Cut::torn) return unsynced / 2;
  if (cut == Cut::openings_lost) return openings ? 0 : unsynced;
  if (cut == Cut::lines_lost) return lines ? 0 : unsynced;
  return 0;
}

}  // namespace

class FaultyAppendFile final : public AppendFile {
 public:
  FaultyAppendFile(FaultyFileSystem& disk, std::shared_ptr<FaultyFileSystem::Inode> inode) : disk_(disk), inode_(std::move(inode)) {}
  Result<void> write(ByteView bytes) override {
    const bool whole = disk_.step();
    append(inode_->content, whole ? bytes : bytes.first(bytes.size() / 2));  // a failing write may have written some
    if (!whole) return broken();
    return {};
  }
  Result<void> sync() override {
    if (!disk_.step()) return broken();
    inode_->synced = inode_->content.size();
    return {};
  }

 private:
  FaultyFileSystem& disk_;
  std::shared_ptr<FaultyFileSystem::Inode> inode_;
};

bool FaultyFileSystem::step() {
  const int now = operations++;
  return now != fail_once_at && (cut_at < 0 || now < cut_at);
}

void FaultyFileSystem::come_back(Cut cut) {
  cut_at = fail_once_at = -1;
  if (cut == Cut::killed) return;
  if (cut == Cut::forgotten || cut == Cut::torn) names_ = durable_;
  for (auto& [path, inode] : names_) {
    const std::size_t unsynced = inode->content.size() - inode->synced;
    const std::size_t kept = inode->synced + left_of(cut, path, unsynced);
    auto after = std::make_shared<Inode>();  // old handles must not reach the disk after the cut
    after->content.assign(inode->content.begin(), inode->content.begin() + static_cast<std::ptrdiff_t>(kept));
    after->synced = kept;
    inode = after;
  }
  durable_ = names_;
}

void FaultyFileSystem::damage(const std::string& path, std::size_t offset) { names_.at(path)->content.at(offset) ^= 1; }
void FaultyFileSystem::append_raw(const std::string& path, const std::string& bytes) { append(names_.at(path)->content, as_bytes(bytes)); }

std::unique_ptr<AppendFile> FaultyFileSystem::handle(std::shared_ptr<Inode> inode) {
  return std::make_unique<FaultyAppendFile>(*this, std::move(inode));
}

Result<std::unique_ptr<AppendFile>> FaultyFileSystem::create(const std::string& path) {
  if (!step()) return broken();
  if (names_.contains(path) || !directories_.contains(parent_of(path))) return fail(ErrorKind::io, "create " + path + ": refused");
  return handle(names_[path] = std::make_shared<Inode>());
}

Result<std::unique_ptr<AppendFile>> FaultyFileSystem::open_append(const std::string& path) {
  if (const auto found = names_.find(path); found != names_.end()) return handle(found->second);
  return create(path);
}

std::vector<Result<void>> FaultyFileSystem::sync_all(const std::vector<AppendFile*>& files) {
  std::vector<Result<void>> outcomes(files.size());
  for (std::size_t k = 0; k < files.size(); ++k) {
    const std::size_t i = last_first ? files.size() - 1 - k : k;
    outcomes[i] = files[i]->sync();
  }
  return outcomes;
}

Result<void> FaultyFileSystem::rename(const std::string& from, const std::string& to) {
  if (names_.contains(to)) return fail(ErrorKind::io, "rename to " + to + ": is there");
  return replace(from, to);
}

Result<void> FaultyFileSystem::replace(const std::string& from, const std::string& to) {
  if (!step()) return broken();
  if (directories_.contains(from)) return move_directory(from, to);
  const auto found = names_.find(from);
  if (found == names_.end()) return absent(from);
  const auto inode = found->second;
  names_.erase(found);
  names_[to] = inode;
  return {};
}

// Durable at once: no test cuts here.
Result<void> FaultyFileSystem::move_directory(const std::string& from, const std::string& to) {
  const auto moved = [&](const std::string& path) { return to + path.substr(from.size()); };
  const auto below = [&](const std::string& path) { return path == from || path.starts_with(from + "/"); };
  Names names;
  std::set<std::string> directories;
  for (const auto& [path, inode] : names_) names[below(path) ? moved(path) : path] = inode;
  for (const auto& path : directories_) directories.insert(below(path) ? moved(path) : path);
  names_ = durable_ = std::move(names);
  directories_ = std::move(directories);
  return {};
}

Result<void> FaultyFileSystem::sync_directory(const std::string& path) {
  if (!step()) return broken();
  std::erase_if(durable_, [&](const auto& entry) { return lies_in(entry.first, path); });
  for (const auto& [name, inode] : names_)
    if (lies_in(name, path)) durable_[name] = inode;
  return {};
}

Result<void> FaultyFileSystem::make_directories(const std::string& path) {
  if (directories_.contains(path)) return {};
  if (!step()) return broken();
  for (std::string part = path; part != "." && part != "/" && directories_.insert(part).second;) part = parent_of(part);
  return {};
}

Result<void> FaultyFileSystem::remove(const std::string& path) {
  if (!step()) return broken();
  if (names_.erase(path) == 0) return absent(path);
  return {};
}

Result<Bytes> FaultyFileSystem::read(const std::string& path, std::size_t limit_bytes) const {
  if (path == unreadable) return fail(ErrorKind::io, path + ": bad sector");
  const auto found = names_.find(path);
  if (found == names_.end()) return absent(path);
  if (found->second->content.size() > limit_bytes) return fail(ErrorKind::full, path + ": too large");
  return found->second->content;
}

Result<void> FaultyFileSystem::read_pieces(const std::string& path, const PieceVisitor& each) const {
  const Bytes whole = TRY(read(path, std::size_t{1} << 30));
  return each(whole);
}

Result<FileInfo> FaultyFileSystem::info(const std::string& path) const {
  if (directories_.contains(path)) return FileInfo{0, true};
  const auto found = names_.find(path);
  if (found == names_.end()) return absent(path);
  return FileInfo{static_cast<std::int64_t>(found->second->content.size()), false};
}

Result<std::vector<std::string>> FaultyFileSystem::list(const std::string& path) const {
  if (!directories_.contains(path)) return absent(path);
  std::vector<std::string> found;
  for (const auto& directory : directories_)
    if (directory != path && lies_in(directory, path)) found.push_back(directory.substr(path.size() + 1));
  for (const auto& [name, inode] : names_)
    if (lies_in(name, path)) found.push_back(name.substr(path.size() + 1));
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace netsampler
