// Text as it is compared, and the amounts in it. Pure; UTF-8 in and out, invalid bytes become U+FFFD.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace netsampler::corroborate {

std::u32string code_points(std::string_view text);
std::string utf8_of(std::u32string_view text);

// Full-width ASCII, the ideographic space and ￥ in their half-width forms; zero-width and bidi characters dropped. Nothing else changes.
std::string half_width(std::string_view text);
// half_width, lower case (ASCII), without white space.
std::string folded(std::string_view text);
// One letter for what OCR takes for one another (0 O o Q D, 1 l I |, 2 Z, 5 S, 8 B …). Of folded text.
std::string look_alike(std::string_view text);

// A number that may be an amount of money. `minor`: hundredths, 万 counted in.
struct Amount {
  std::int64_t minor = 0;
  bool marked = false;   // a sign of currency before it, or 元 and the like behind
  int decimals = 0;      // 0, 1 or 2 written
  std::size_t at = 0, end = 0;  // bytes in the text given
};
// Of half_width text, in order. Numbers inside words, percentages and numbers with more than two decimals are none; at most 4096.
std::vector<Amount> amounts_in(std::string_view text);

}  // namespace netsampler::corroborate
