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
  bool grouped = false;        // with marks between thousands
  std::size_t end = 0;         // byte after the number
};

// How numbers are written where the text is from.
enum class NumberStyle {
  chinese,        // a point before the decimals, commas in threes: "¥1,29" and "¥1.299,00" are none
  world,          // either mark may be either: two digits behind the last mark are decimals, three are thousands
  three_decimals  // world, of a currency with three decimals: three digits behind a single mark are decimals
};

// The number that begins at text[at]; at most 9 digits before the point in Chinese style, 12 in others, 6 behind it. None where the
// run of digits, points and commas is anything else (a date, a version) or begins with more than one zero.
std::optional<DecimalNumber> read_number(std::string_view text, std::size_t at, NumberStyle style = NumberStyle::chinese);
// "壹佰贰拾叁", "一百二十", "三十九", "两千五": a number in Chinese numerals of two characters or more, or a formal one; below 10^12.
std::optional<DecimalNumber> read_chinese_number(std::string_view text, std::size_t at);
// digits × 10^power in units of 10^-minor_digits; none unless it comes out even and within ±(2^53−1).
std::optional<std::int64_t> to_minor(const DecimalNumber& number, int power, int minor_digits);
// The byte after the run of digits and the marks that stand in dates, times, telephone numbers and versions.
std::size_t skip_number_run(std::string_view text, std::size_t at);

}  // namespace netsampler
