// LD_PRELOAD for process tests: faults of disk and clock, turned on while the program runs. NETSAMPLER_FAULTS names a file of four
// 64-bit integers that the test writes into: microseconds added to CLOCK_REALTIME; microseconds added to it and to CLOCK_BOOTTIME (as a
// suspend does, CLOCK_MONOTONIC stays); the errno that writing and syncing files gives (0: none); nanoseconds that each sync takes longer.
// Files: those of the file system on which the control file lies, so that memory files and sockets go on working.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

struct Faults {
  volatile std::int64_t step_us, asleep_us, error, sync_ns;
};

struct Control {
  const Faults* faults = nullptr;
  dev_t device = 0;
};

Control open_control() {
  const char* path = std::getenv("NETSAMPLER_FAULTS");
  const int fd = path != nullptr ? ::open(path, O_RDONLY | O_CLOEXEC) : -1;
  struct stat info {};
  if (fd < 0 || ::fstat(fd, &info) != 0) return {};
  void* page = ::mmap(nullptr, sizeof(Faults), PROT_READ, MAP_SHARED, fd, 0);
  ::close(fd);
  if (page == MAP_FAILED) return {};
  return {static_cast<const Faults*>(page), info.st_dev};
}

const Control& control() {
  static const Control opened = open_control();
  return opened;
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

// The errno to give for this descriptor, 0 for none.
int error_for(int fd) {
  if (control().faults == nullptr || control().faults->error == 0) return 0;
  struct stat info {};
  const bool ours = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_dev == control().device;
  return ours ? static_cast<int>(control().faults->error) : 0;
}

int failed(int error) {
  errno = error;
  return -1;
}

void take_time() {
  const std::int64_t ns = control().faults != nullptr ? control().faults->sync_ns : 0;
  if (ns == 0) return;
  const timespec span{ns / 1'000'000'000, ns % 1'000'000'000};
  ::nanosleep(&span, nullptr);
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t which, timespec* now) noexcept {
  const long outcome = ::syscall(SYS_clock_gettime, which, now);
  const Faults* faults = control().faults;
  if (outcome != 0 || faults == nullptr || (which != CLOCK_REALTIME && which != CLOCK_BOOTTIME)) return static_cast<int>(outcome);
  const std::int64_t more_us = faults->asleep_us + (which == CLOCK_REALTIME ? faults->step_us : 0);
  const std::int64_t ns = now->tv_nsec + more_us % 1'000'000 * 1000 + 1'000'000'000;
  now->tv_sec += more_us / 1'000'000 + ns / 1'000'000'000 - 1;
  now->tv_nsec = ns % 1'000'000'000;
  return 0;
}

ssize_t write(int fd, const void* bytes, size_t size) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
  const int error = error_for(fd);
  return error != 0 ? failed(error) : real(fd, bytes, size);
}

int fdatasync(int fd) {
  static const auto real = next<int (*)(int)>("fdatasync");
  take_time();
  const int error = error_for(fd);
  return error != 0 ? failed(error) : real(fd);
}

int fsync(int fd) {
  static const auto real = next<int (*)(int)>("fsync");
  take_time();
  const int error = error_for(fd);
  return error != 0 ? failed(error) : real(fd);
}

}  // extern "C"
