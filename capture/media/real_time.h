// What a recorder asks of the kernel to be on time when the machine is busy: SCHED_RR (or, where that is not permitted, a nice value below
// others') and memory that is never paged out. A refusal is no error: the recording goes on and says so once.
#pragma once
#include <string>

namespace netsampler::capture {

// For the calling thread and those it starts from now on; memory of the whole program, each page from when it is first used.
// Gives one line of what was refused and how to permit it; empty where all was granted.
std::string claim_real_time();

// The calling thread takes its ordinary place again: work that may wait (painting the strip, looking for bar codes).
void leave_real_time();

}  // namespace netsampler::capture
