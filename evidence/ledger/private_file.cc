#include "evidence/ledger/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "evidence/base/fd.h"

namespace netsampler {

Result<void> write_private(FileSystem& disk, const std::string& path, ByteView bytes) {
  const mode_t before = ::umask(0077);
  Result<void> written = write_whole(disk, path, bytes);
  ::umask(before);
  return written;
}

Result<void> check_private_file(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return fail_errno(path);
  if (!S_ISREG(info.st_mode)) return fail(ErrorKind::denied, path + " is no regular file (put the key itself there)");
  if (info.st_uid != ::geteuid())
    return fail(ErrorKind::denied, path + " belongs to another account, " + std::to_string(info.st_uid) + " (chown " + std::to_string(::geteuid()) + " " + path + ")");
  if ((info.st_mode & 077) == 0) return {};
  std::array<char, 8> mode{};
  std::snprintf(mode.data(), mode.size(), "%04o", static_cast<unsigned>(info.st_mode & 07777));
  return fail(ErrorKind::denied, path + " may be read by others, mode " + mode.data() + " (chmod 0600 " + path + ", and rotate the key if anyone may have read it)");
}

Result<void> wipe_file(const std::string& path) {
  Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd.valid()) return fail_errno("open " + path);
  const std::int64_t bytes = TRY(size_of(fd.get()));
  const Bytes zeros(static_cast<std::size_t>(bytes), 0);
  TRY_WITH(write_all(fd.get(), zeros), path);
  if (::fdatasync(fd.get()) != 0) return fail_errno("sync " + path);
  return {};
}

}  // namespace netsampler
