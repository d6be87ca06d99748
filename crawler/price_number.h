// A decimal number as it stands in a price text, exact: no floating point.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace netsampler {

struct DecimalNumber {
  std::int64_t digits = 0;     // all digits, the point left out: "1,299.5" → 12995
  int decimals = 0;            // digits behind the point
  int whole_digits = 0;        // digits before it
  std::size_t end = 0;         // byte after the number
};

// The number that begins at text[at]: digits, thousands in groups of three after commas, at most 9 digits before and 6 behind
// the point, no leading zeros. None where the run of digits, points and commas is anything else (a date, a version, "1,29").
std::optional<DecimalNumber> read_number(std::string_view text, std::size_t at);
// digits × 10^power in units of 10^-minor_digits; none unless it comes out even and within ±(2^53−1).
std::optional<std::int64_t> to_minor(const DecimalNumber& number, int power, int minor_digits);
// The byte after the run of digits and the marks that stand in dates, times, telephone numbers and versions.
std::size_t skip_number_run(std::string_view text, std::size_t at);

}  // namespace netsampler
