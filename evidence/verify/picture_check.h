// The pictures of `--deep`: what a helper program saw in them (picture_reader.h), held against the chain that names them. Are as many
// pictures decoded as the record says; is the strip's second the one at which the chain puts the frame; is its head that of a line
// before the frame; is the time stamp in its QR code one that was there then?
#pragma once
#include "evidence/verify/job.h"
#include "evidence/verify/scope.h"

namespace netsampler::verify {

// After the chains' own check, with their summaries in the report. Without `job.pictures` it says that nobody looked.
Result<void> check_pictures(Job& job, const Scope& scope);

}  // namespace netsampler::verify
