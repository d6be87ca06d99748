// A recording's chain from its first byte to its last, with everything it names.
#pragma once
#include "evidence/verify/job.h"

namespace netsampler::verify {

// `base`: the recording's directory below the verified one ("" where it is that itself). `id`: the one its directory's name
// promises, "" where none does. What is wrong is in the job's report; an Error is the disk's.
Result<RecordingSummary> check_recording(Job& job, const std::string& base, const std::string& id);

}  // namespace netsampler::verify
