// What the recorder tells whoever started it: JSON lines on standard output.
#pragma once
#include "evidence/base/json.h"

namespace netsampler::capture {

// One line, in one write: lines of two threads never mix. Nobody reading us is no reason to stop recording.
void print_event(const Json& event);

// CPU seconds (user and system) of this program so far.
double cpu_seconds();

}  // namespace netsampler::capture
