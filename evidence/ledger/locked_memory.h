// May this process keep its secrets in memory that is never swapped out? libsodium locks what it can and does not say what it could not.
#pragma once
#include "evidence/base/result.h"

namespace netsampler {

// For the seeds of all recordings at once; raises the soft limit to the hard one first. The error says what to do.
Result<void> check_locked_memory();

}  // namespace netsampler
