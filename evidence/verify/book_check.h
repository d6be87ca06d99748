// A case book's chain with everything it names, and whether the recordings it includes are the ones that are there.
#pragma once
#include "evidence/verify/job.h"

namespace netsampler::verify {

// `base`: the case's directory below the verified one; `id`: what the directory's name promises, "" where none does.
// Included recordings are marked in the job's report, which must hold them already.
Result<BookSummary> check_book(Job& job, const std::string& base, const std::string& id);

}  // namespace netsampler::verify
