#include "evidence/corroborate/forms.h"

#include <algorithm>
#include <array>

namespace netsampler::corroborate {
namespace {

constexpr char32_t kBad = 0xfffd;
constexpr std::size_t kAmountLimit = 4096;
constexpr int kDigitLimit = 13;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_space(char32_t c) { return c == ' ' || (c >= 9 && c <= 13) || c == 0xa0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f; }
bool is_invisible(char32_t c) {
  return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff || c == 0xad;
}

// The length of the sequence that a lead byte announces; 0: no lead byte.
int sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

char32_t next_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const int length = sequence_length(lead);
  if (length == 0 || at + static_cast<std::size_t>(length) > text.size()) return ++at, kBad;
  char32_t point = length == 1 ? lead : lead & (0xff >> (length + 1));
  for (int i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]);
    if ((byte & 0xc0) != 0x80) return ++at, kBad;
    point = point << 6 | (byte & 0x3f);
  }
  at += static_cast<std::size_t>(length);
  return point;
}

void put(std::string& to, char32_t c) {
  const auto byte = [&to](char32_t value) { to.push_back(static_cast<char>(value)); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) return byte(0xc0 | c >> 6), byte(0x80 | (c & 0x3f));
  if (c < 0x10000) return byte(0xe0 | c >> 12), byte(0x80 | (c >> 6 & 0x3f)), byte(0x80 | (c & 0x3f));
  byte(0xf0 | c >> 18), byte(0x80 | (c >> 12 & 0x3f)), byte(0x80 | (c >> 6 & 0x3f)), byte(0x80 | (c & 0x3f));
}

char32_t narrow(char32_t c) {
  if (c >= 0xff01 && c <= 0xff5e) return c - 0xfee0;
  if (c == 0xffe5) return 0xa5;
  return is_space(c) ? U' ' : c;
}

bool ends_with_sign(std::string_view before) {
  while (!before.empty() && before.back() == ' ') before.remove_suffix(1);
  constexpr std::array<std::string_view, 8> kSigns = {"¥", "$", "€", "£", "RMB", "CNY", "rmb", "cny"};
  return std::any_of(kSigns.begin(), kSigns.end(), [&](std::string_view sign) { return before.ends_with(sign); });
}

bool starts_with_unit(std::string_view after) {
  while (!after.empty() && after.front() == ' ') after.remove_prefix(1);
  constexpr std::array<std::string_view, 4> kUnits = {"元", "圆", "块", "円"};
  return std::any_of(kUnits.begin(), kUnits.end(), [&](std::string_view unit) { return after.starts_with(unit); });
}

// Digits with marks of thousands from `at`; moves it behind them. Too many digits: false.
bool whole_part(std::string_view text, std::size_t& at, std::int64_t& value) {
  int digits = 0;
  const auto group = [&text](std::size_t comma) {
    const auto digit = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
    return text[comma] == ',' && digit(comma + 1) && digit(comma + 2) && digit(comma + 3) && !digit(comma + 4);
  };
  for (; at < text.size(); ++at) {
    if (!is_digit(text[at]) && !(digits <= kDigitLimit && group(at))) break;
    if (!is_digit(text[at])) continue;
    if (++digits <= kDigitLimit) value = value * 10 + (text[at] - '0');
  }
  return digits <= kDigitLimit;
}

// ".8" or ".80" from `at`, as hundredths; more decimals: false.
bool fraction(std::string_view text, std::size_t& at, std::int64_t& hundredths, int& decimals) {
  if (at + 1 >= text.size() || text[at] != '.' || !is_digit(text[at + 1])) return true;
  ++at;
  for (; at < text.size() && is_digit(text[at]); ++at)
    if (++decimals <= 2) hundredths += (text[at] - '0') * (decimals == 1 ? 10 : 1);
  return decimals <= 2;
}

bool begins_number(std::string_view text, std::size_t at) {
  if (!is_digit(text[at])) return false;
  if (at == 0) return true;
  const char before = text[at - 1];
  return !is_letter(before) || before == 'Y' || before == 'y' || ends_with_sign(text.substr(0, at));
}

}  // namespace

std::u32string code_points(std::string_view text) {
  std::u32string points;
  for (std::size_t at = 0; at < text.size();) points.push_back(next_point(text, at));
  return points;
}

std::string utf8_of(std::u32string_view text) {
  std::string out;
  for (char32_t c : text) put(out, c);
  return out;
}

std::string half_width(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();)
    if (const char32_t c = next_point(text, at); !is_invisible(c)) put(out, narrow(c));
  return out;
}

std::string folded(std::string_view text) {
  std::string out = half_width(text);
  std::erase(out, ' ');
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string look_alike(std::string_view text) {
  constexpr std::string_view from = "oqdliszbg|!", to = "00011528911";
  std::string out(text);
  for (char& c : out)
    if (const auto at = from.find(c); at != std::string_view::npos) c = to[at];
  return out;
}

std::vector<Amount> amounts_in(std::string_view text) {
  std::vector<Amount> found;
  for (std::size_t at = 0; at < text.size() && found.size() < kAmountLimit;) {
    if (!begins_number(text, at)) {
      const bool inside = is_digit(text[at]);  // of a word
      ++at;
      while (inside && at < text.size() && is_digit(text[at])) ++at;
      continue;
    }
    Amount amount;
    amount.at = at;
    std::int64_t whole = 0, hundredths = 0;
    const bool sound = whole_part(text, at, whole) && fraction(text, at, hundredths, amount.decimals);
    amount.minor = whole * 100 + hundredths;
    const bool tenthousands = text.substr(at).starts_with("万");
    if (tenthousands) amount.minor *= 10'000, at += 3;
    amount.end = at;
    const bool number_goes_on = at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1]);  // 1.2.3
    const bool other = at < text.size() && (text[at] == '%' || is_letter(text[at]));
    amount.marked = ends_with_sign(text.substr(0, amount.at)) || starts_with_unit(text.substr(at));
    if (sound && !number_goes_on && !other) found.push_back(amount);
    while (number_goes_on && at < text.size() && (is_digit(text[at]) || text[at] == '.')) ++at;
  }
  return found;
}

}  // namespace netsampler::corroborate
