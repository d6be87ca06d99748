#include "crawler/price_number.h"

#include "crawler/dom_text.h"

namespace netsampler {
namespace {

constexpr int kMaxWholeDigits = 9;
constexpr int kMaxDecimals = 6;
constexpr std::int64_t kMaxMinor = (std::int64_t{1} << 53) - 1;

bool digit_at(std::string_view text, std::size_t at) { return at < text.size() && is_ascii_digit(text[at]); }

std::size_t digits_from(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (digit_at(text, at + count)) ++count;
  return count;
}

}  // namespace

std::optional<DecimalNumber> read_number(std::string_view text, std::size_t at) {
  DecimalNumber number;
  const auto take = [&](std::size_t from, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) number.digits = number.digits * 10 + (text[from + i] - '0');
  };
  std::size_t count = digits_from(text, at);
  if (count == 0 || count > kMaxWholeDigits || (count > 1 && text[at] == '0')) return std::nullopt;
  take(at, count);
  number.whole_digits = static_cast<int>(count);
  at += count;
  const bool grouped = count <= 3 && at < text.size() && text[at] == ',' && digit_at(text, at + 1);
  while (at < text.size() && text[at] == ',' && digit_at(text, at + 1)) {
    if (!grouped || digits_from(text, at + 1) != 3 || number.whole_digits + 3 > kMaxWholeDigits) return std::nullopt;
    take(at + 1, 3);
    number.whole_digits += 3;
    at += 4;
  }
  if (at < text.size() && text[at] == '.' && digit_at(text, at + 1)) {
    count = digits_from(text, at + 1);
    if (count > kMaxDecimals) return std::nullopt;
    take(at + 1, count);
    number.decimals = static_cast<int>(count);
    at += 1 + count;
    if (at + 1 < text.size() && (text[at] == '.' || text[at] == ',') && digit_at(text, at + 1)) return std::nullopt;
  }
  number.end = at;
  return number;
}

std::optional<std::int64_t> to_minor(const DecimalNumber& number, int power, int minor_digits) {
  std::int64_t value = number.digits;
  int shift = power + minor_digits - number.decimals;
  for (; shift > 0; --shift) {
    if (value > kMaxMinor / 10) return std::nullopt;
    value *= 10;
  }
  for (; shift < 0; ++shift) {
    if (value % 10 != 0) return std::nullopt;
    value /= 10;
  }
  return value;
}

std::size_t skip_number_run(std::string_view text, std::size_t at) {
  while (at < text.size() && (is_ascii_digit(text[at]) || std::string_view(".,-/:").find(text[at]) != std::string_view::npos)) ++at;
  return at;
}

}  // namespace netsampler
