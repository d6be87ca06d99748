// Recordings that resume another, whose ledger died: is the other the one that they name, and is the picture continuous across?
#pragma once
#include "evidence/verify/job.h"

namespace netsampler::verify {

// After all recordings. A recording that resumes one that is not here is told, and not more.
void check_resumed(Job& job);

}  // namespace netsampler::verify
