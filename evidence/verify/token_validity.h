// Which trusted tokens still count today? One whose chain has a certificate that has ended, or that was revoked as compromised, counts
// only where a later token covers it (its leaf lies in the tree that the later one stamps) which itself counts and was made in time.
#pragma once
#include "evidence/verify/box_log.h"
#include "evidence/verify/job.h"

namespace netsampler::verify {

// Takes the authority from those that do not count, and reports them. Sorts by size.
void settle_validity(Job& job, std::vector<Stamp>& stamps);

}  // namespace netsampler::verify
