// The outside of a package: bag declaration, manifests, package.sig. What lies in it is checked by the chains and books.
#pragma once
#include "evidence/verify/job.h"

namespace netsampler::verify {

// After all chains and books: the box key that must have signed is the case book's.
Result<void> check_package(Job& job);

}  // namespace netsampler::verify
