#include "evidence/base/file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "evidence/base/fd.h"
#include "evidence/base/present.h"
#include "evidence/base/sync_pool.h"

namespace netsampler {
namespace {

class RealAppendFile final : public AppendFile {
 public:
  RealAppendFile(Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  Result<void> write(ByteView bytes) override {
    TRY_WITH(write_all(fd_.get(), bytes), path_);
    return {};
  }
  Result<void> sync() override {
    if (::fdatasync(fd_.get()) != 0) return fail_errno("sync " + path_);
    return {};
  }

 private:
  Fd fd_;
  std::string path_;
};

Result<std::unique_ptr<AppendFile>> open_file(const std::string& path, int flags) {
  Fd fd(::open(path.c_str(), flags | O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!fd.valid()) return fail_errno("open " + path);
  return std::unique_ptr<AppendFile>(std::make_unique<RealAppendFile>(std::move(fd), path));
}

Result<void> walk_into(const FileSystem& disk, const std::string& root, const std::string& below,
                       std::vector<std::string>& found) {
  const std::vector<std::string> names = TRY(disk.list(below.empty() ? root : root + "/" + below));
  for (const auto& name : names) {
    const std::string path = below.empty() ? name : below + "/" + name;
    const FileInfo info = TRY(disk.info(root + "/" + path));
    if (info.directory)
      TRY(walk_into(disk, root, path, found));
    else
      found.push_back(path);
  }
  return {};
}

}  // namespace

std::vector<Result<void>> FileSystem::sync_all(const std::vector<AppendFile*>& files) {
  std::vector<Result<void>> outcomes;
  for (AppendFile* file : files) outcomes.push_back(file->sync());
  return outcomes;
}

RealFileSystem::RealFileSystem() = default;
RealFileSystem::~RealFileSystem() = default;

std::vector<Result<void>> RealFileSystem::sync_all(const std::vector<AppendFile*>& files) {
  if (files.size() < 2) return FileSystem::sync_all(files);
  if (!syncs_) syncs_ = std::make_unique<SyncPool>();
  return syncs_->sync(files);
}

Result<std::unique_ptr<AppendFile>> RealFileSystem::create(const std::string& path) { return open_file(path, O_EXCL); }
Result<std::unique_ptr<AppendFile>> RealFileSystem::open_append(const std::string& path) { return open_file(path, 0); }

Result<void> RealFileSystem::rename(const std::string& from, const std::string& to) {
  if (::syscall(SYS_renameat2, AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0)
    return fail_errno("rename to " + to);
  return {};
}

Result<void> RealFileSystem::replace(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return fail_errno("rename to " + to);
  return {};
}

Result<void> RealFileSystem::sync_directory(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return fail_errno("open " + path);
  if (::fsync(fd.get()) != 0) return fail_errno("sync " + path);
  return {};
}

Result<void> RealFileSystem::make_directories(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return {};
    return fail(ErrorKind::invalid, path + " is there and is no directory");
  }
  const std::string parent = parent_of(path);
  if (parent != path) TRY(make_directories(parent));
  if (::mkdir(path.c_str(), 0750) != 0 && errno != EEXIST) return fail_errno("make directory " + path);
  return sync_directory(parent);
}

Result<void> RealFileSystem::remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return fail_errno("remove " + path);
  return {};
}

Result<Bytes> RealFileSystem::read(const std::string& path, std::size_t limit_bytes) const {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd.valid()) return fail_errno("open " + path);
  return TRY_WITH(read_all(fd.get(), limit_bytes), path);
}

Result<void> FileSystem::read_pieces_from(const std::string& path, std::int64_t from_bytes, const PieceVisitor& each) const {
  std::int64_t passed = 0;
  return read_pieces(path, [&](ByteView piece) -> Result<void> {
    const auto skipped = static_cast<std::size_t>(std::clamp<std::int64_t>(from_bytes - passed, 0, static_cast<std::int64_t>(piece.size())));
    passed += static_cast<std::int64_t>(piece.size());
    return skipped == piece.size() ? Result<void>() : each(piece.subspan(skipped));
  });
}

Result<void> RealFileSystem::read_pieces(const std::string& path, const PieceVisitor& each) const { return read_pieces_from(path, 0, each); }

Result<void> RealFileSystem::read_pieces_from(const std::string& path, std::int64_t from_bytes, const PieceVisitor& each) const {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd.valid()) return fail_errno("open " + path);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return fail_errno("read " + path);
  if (::lseek(fd.get(), from_bytes, SEEK_SET) < 0) return fail_errno("read " + path);
  Bytes piece(static_cast<std::size_t>(std::clamp<off_t>(info.st_size - from_bytes + 1, 4096, 1 << 20)));  // a small file needs no large buffer
  while (true) {
    const ssize_t got = ::read(fd.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("read " + path);
    if (got == 0) return {};
    TRY(each(ByteView(piece.data(), static_cast<std::size_t>(got))));
  }
}

Result<FileInfo> RealFileSystem::info(const std::string& path) const {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return fail_errno(path);
  if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode))
    return fail(ErrorKind::invalid, path + " is neither file nor directory");
  return FileInfo{std::int64_t{info.st_size}, S_ISDIR(info.st_mode)};
}

Result<void> FileSystem::visit_names(const std::string& path, const NameVisitor& each) const {
  for (const auto& name : TRY(list(path))) TRY(each(name));
  return {};
}

Result<void> RealFileSystem::visit_names(const std::string& path, const NameVisitor& each) const {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
  if (!directory) return fail_errno("list " + path);
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(directory.get());
    if (entry == nullptr && errno != 0) return fail_errno("list " + path);
    if (entry == nullptr) return {};
    const std::string name = entry->d_name;
    if (name != "." && name != "..") TRY(each(name));
  }
}

Result<std::vector<std::string>> RealFileSystem::list(const std::string& path) const {
  std::vector<std::string> names;
  TRY(visit_names(path, [&names](const std::string& name) {
    names.push_back(name);
    return Result<void>();
  }));
  std::sort(names.begin(), names.end());
  return names;
}

std::string parent_of(const std::string& path) {
  const auto slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool exists(const FileSystem& disk, const std::string& path) { return disk.info(path).ok(); }

Result<std::string> first_line(const FileSystem& disk, const std::string& path, std::size_t limit_bytes) {
  std::string line;
  const auto take = [&line, limit_bytes](ByteView piece) -> Result<void> {
    line += as_text(piece.first(std::min(piece.size(), limit_bytes)));
    return fail(ErrorKind::full, "enough");
  };
  const auto read = disk.read_pieces(path, take);
  if (!read.ok() && read.error().kind != ErrorKind::full) return read.error();
  const std::size_t end = line.find('\n');
  if (end != std::string::npos) line.resize(end + 1);
  return line;
}

Result<bool> present(const FileSystem& disk, const std::string& path) {
  const Result<FileInfo> info = disk.info(path);
  if (info.ok()) return true;
  if (info.error().kind == ErrorKind::not_found) return false;
  return info.error();
}

Result<void> write_whole(FileSystem& disk, const std::string& path, ByteView bytes) {
  const std::string partial = path + ".partial";
  if (exists(disk, partial)) TRY(disk.remove(partial));
  auto file = TRY(disk.create(partial));
  TRY(file->write(bytes));
  TRY(file->sync());
  TRY(disk.replace(partial, path));
  return disk.sync_directory(parent_of(path));
}

Result<std::vector<std::string>> walk(const FileSystem& disk, const std::string& root) {
  std::vector<std::string> found;
  TRY(walk_into(disk, root, "", found));
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace netsampler
