// The types of the kinds table, tested on values.
#pragma once
#include "evidence/format/kinds.h"

namespace netsampler {

// Pure; false for whatever does not belong, including integers below zero where a count is asked for.
bool has_type(const Json& value, MemberType type);

}  // namespace netsampler
