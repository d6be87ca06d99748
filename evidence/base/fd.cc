#include "evidence/base/fd.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace netsampler {

void Fd::reset() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

Result<void> write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("write");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<Bytes> read_all(int fd, std::size_t limit_bytes) {
  Bytes bytes;
  std::uint8_t part[65536];
  for (;;) {
    const ssize_t count = ::read(fd, part, sizeof part);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("read");
    if (count == 0) return bytes;
    if (bytes.size() + static_cast<std::size_t>(count) > limit_bytes)
      return fail(ErrorKind::full, "more than " + std::to_string(limit_bytes) + " bytes");
    bytes.insert(bytes.end(), part, part + count);
  }
}

namespace {
constexpr int kSeals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK;
}

Result<Fd> sealed_memory_file(const std::string& name, ByteView bytes) {
  Fd fd(memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd.valid()) return fail_errno("memory file");
  TRY(write_all(fd.get(), bytes));
  if (::lseek(fd.get(), 0, SEEK_SET) != 0) return fail_errno("memory file");
  if (::fcntl(fd.get(), F_ADD_SEALS, kSeals | F_SEAL_SEAL) != 0) return fail_errno("sealing a memory file");
  return fd;
}

bool is_sealed(int fd) {
  const int seals = ::fcntl(fd, F_GET_SEALS);
  return seals >= 0 && (seals & kSeals) == kSeals;
}

Result<std::int64_t> size_of(int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return fail_errno("size");
  return std::int64_t{info.st_size};
}

}  // namespace netsampler
