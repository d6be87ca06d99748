// The text of verify.py, the second verifier (Python, standard library and the openssl command), which every package carries in its root: the same bytes
// in every package of a version. It is written from docs/evidence-format.md and shares no code with evidence/verify.
#pragma once
#include <string_view>

namespace netsampler {

std::string_view second_verifier();

}  // namespace netsampler
