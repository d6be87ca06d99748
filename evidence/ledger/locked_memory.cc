#include "evidence/ledger/locked_memory.h"

#include <sys/mman.h>
#include <sys/resource.h>

namespace netsampler {
namespace {

// 16 recordings of three secrets, the box key's two, and those on the way: each in a page of its own.
constexpr std::size_t kNeededBytes = 80 * 4096;

}  // namespace

Result<void> check_locked_memory() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_MEMLOCK, &limit);
  }
  void* probe = ::mmap(nullptr, kNeededBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED) return fail_errno("memory for the keys");
  const bool locked = ::mlock(probe, kNeededBytes) == 0;
  ::munmap(probe, kNeededBytes);
  if (locked) return {};
  return fail(ErrorKind::full, "the keys' memory cannot be locked: 320 KiB are needed, the limit is " + std::to_string(limit.rlim_max >> 10) +
                                   " KiB; secrets may reach the swap (LimitMEMLOCK= in the unit, or ulimit -l)");
}

}  // namespace netsampler
