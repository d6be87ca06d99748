// netsampler-pictures as the verifier's eyes: a child for each source, killed when it is silent for too long.
#pragma once
#include <memory>

#include "evidence/verify/picture_reader.h"

namespace netsampler::verify {

// `program`: its path. `root`: the directory under verification.
std::unique_ptr<PictureReader> picture_helper(std::string program, std::string root, int patience_ms = 300'000);
// netsampler-pictures in the directory of the running program; empty where there is none.
std::string picture_helper_beside();

}  // namespace netsampler::verify
