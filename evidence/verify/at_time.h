// The date of `--attime`: RFC 3339 ("2027-01-15T08:00:00Z", "2027-01-15t16:00:00.5+08:00") or whole seconds since 1970.
#pragma once
#include <cstdint>
#include <string_view>

#include "evidence/base/result.h"

namespace netsampler::verify {

// Microseconds since 1970, UTC; 1970 to 9999. A leap second (:60) counts as the second behind it. Else `usage`.
Result<std::int64_t> parse_at_time(std::string_view text);

}  // namespace netsampler::verify
