#include "capture/media/real_time.h"

#include <malloc.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

namespace netsampler::capture {
namespace {

constexpr int kRoundRobin = 10;    // above everything ordinary, below the kernel's own threads
constexpr int kNice = -10;
constexpr int kWholeBytes = 1 << 20;  // what is larger (a segment) goes back to the kernel at once
constexpr int kKeptBytes = 2 << 20;   // freed memory up to here stays ours, so that a frame faults no page in that the frame before had

std::string claim_processor() {
  const sched_param wanted{kRoundRobin};
  if (::sched_setscheduler(0, SCHED_RR, &wanted) == 0) return "";
  if (::setpriority(PRIO_PROCESS, 0, kNice) == 0) return "no SCHED_RR, nice " + std::to_string(kNice) + " instead (permit it: LimitRTPRIO=10)";
  return "neither SCHED_RR nor a better nice value: a busy machine may cost pictures (permit it: LimitRTPRIO=10)";
}

// Under a finite limit memory that is yet to come must not be locked: at the limit allocations would fail.
std::string claim_memory() {
  ::mallopt(M_MMAP_THRESHOLD, kWholeBytes);
  ::mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  rlimit limit{};
  const bool endless = ::geteuid() == 0 || (::getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY);
  if (::mlockall((endless ? MCL_CURRENT | MCL_FUTURE : MCL_CURRENT) | MCL_ONFAULT) != 0)
    return "memory is not locked and may be paged out (permit it: LimitMEMLOCK=infinity)";
  return endless ? "" : "only the memory of the start is locked (permit more: LimitMEMLOCK=infinity)";
}

}  // namespace

std::string claim_real_time() {
  const std::string processor = claim_processor(), memory = claim_memory();
  return processor + (processor.empty() || memory.empty() ? "" : "; ") + memory;
}

void leave_real_time() {
  const sched_param ordinary{0};
  ::sched_setscheduler(0, SCHED_OTHER, &ordinary);
  ::setpriority(PRIO_PROCESS, 0, 0);  // a failure leaves the thread faster than it need be
}

}  // namespace netsampler::capture
