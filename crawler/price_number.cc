#include "crawler/price_number.h"

#include <array>

#include "crawler/dom_text.h"

namespace netsampler {
namespace {

constexpr int kMaxWholeDigits = 9, kMaxWorldDigits = 12;
constexpr int kMaxDecimals = 6;
constexpr std::size_t kMaxGroups = 6;
constexpr std::int64_t kMaxMinor = (std::int64_t{1} << 53) - 1;

bool digit_at(std::string_view text, std::size_t at) { return at < text.size() && is_ascii_digit(text[at]); }

std::size_t digits_from(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (digit_at(text, at + count)) ++count;
  return count;
}

std::optional<DecimalNumber> read_chinese(std::string_view text, std::size_t at) {
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
  number.grouped = grouped;
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

struct Group {
  char mark = 0;  // before it; 0 for the first
  std::size_t begin = 0, count = 0;
};

// The mark between two groups of digits: its one-letter name and its bytes; 0 bytes where there is none.
std::pair<char, std::size_t> mark_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {0, 0};
  if (text[at] == '.' || text[at] == ',' || text[at] == '\'') return {text[at], 1};
  if (text.substr(at).starts_with("’")) return {'\'', std::string_view("’").size()};
  if (text.substr(at).starts_with("٬")) return {',', std::string_view("٬").size()};
  if (text.substr(at).starts_with("٫")) return {'.', std::string_view("٫").size()};
  if (text[at] == ' ' && digits_from(text, at + 1) == 3) return {' ', 1};
  return {0, 0};
}

// All groups of a run "1 234.567,89", at most kMaxGroups.
struct Run {
  std::array<Group, kMaxGroups> groups{};
  std::size_t count = 0, end = 0;
};

std::optional<Run> read_run(std::string_view text, std::size_t at) {
  Run run;
  run.groups[run.count++] = {0, at, digits_from(text, at)};
  for (at += run.groups[0].count;;) {
    const auto [mark, bytes] = mark_at(text, at);
    const bool no_thousands_before = run.groups[run.count - 1].count > 3;
    if (bytes == 0 || !digit_at(text, at + bytes) || (mark == ' ' && no_thousands_before)) break;
    // After decimals a space ends the number: "12.50 100" are two.
    if (mark == ' ' && run.count > 1 && run.groups[run.count - 1].mark != ' ') break;
    if (run.count == kMaxGroups) return std::nullopt;
    run.groups[run.count] = {mark, at + bytes, digits_from(text, at + bytes)};
    at += bytes + run.groups[run.count++].count;
  }
  run.end = at;
  return run;
}

bool only_mark(const Run& run, char mark, std::size_t until) {
  for (std::size_t i = 1; i < until; ++i)
    if (run.groups[i].mark != mark) return false;
  return true;
}

// Thousands: threes, or the Indian way twos and a three at the end.
bool groups_of_thousands(const Run& run, std::size_t until) {
  if (until < 2) return true;
  if (run.groups[0].count == 0 || run.groups[0].count > 3 || run.groups[until - 1].count != 3) return false;
  bool threes = true, twos = run.groups[1].mark == ',' && run.groups[0].count <= 2;
  for (std::size_t i = 1; i + 1 < until; ++i) {
    threes = threes && run.groups[i].count == 3;
    twos = twos && run.groups[i].count == 2;
  }
  return threes || twos;
}

// How many of the last groups are decimals: 0 or 1; none where the run is no number.
std::optional<std::size_t> decimal_groups(std::string_view text, const Run& run, NumberStyle style) {
  const std::size_t last = run.count - 1;
  if (run.count == 1) return 0;
  const Group& tail = run.groups[last];
  const bool can_be_decimals = tail.mark == '.' || tail.mark == ',' || (tail.mark == '\'' && run.count == 2 && tail.count == 2);
  const bool one_kind = only_mark(run, tail.mark, run.count);
  if (run.count == 2 && can_be_decimals) {
    const bool zero = run.groups[0].count == 1 && text[run.groups[0].begin] == '0';
    const bool thousands = tail.count == 3 && run.groups[0].count <= 3 && !zero && style != NumberStyle::three_decimals;
    return thousands ? 0 : 1;
  }
  if (one_kind && groups_of_thousands(run, run.count)) return 0;
  if (can_be_decimals && only_mark(run, run.groups[1].mark, last) && groups_of_thousands(run, last) && (!one_kind || tail.count == 2)) return 1;
  return std::nullopt;
}

std::optional<DecimalNumber> number_of(std::string_view text, const Run& run, std::size_t decimals) {
  DecimalNumber number;
  for (std::size_t g = 0; g < run.count; ++g) {
    const bool behind = g + decimals >= run.count;
    (behind ? number.decimals : number.whole_digits) += static_cast<int>(run.groups[g].count);
    if (number.whole_digits > kMaxWorldDigits || number.decimals > kMaxDecimals) return std::nullopt;
    for (std::size_t i = 0; i < run.groups[g].count; ++i) number.digits = number.digits * 10 + (text[run.groups[g].begin + i] - '0');
  }
  number.grouped = run.count - decimals > 1;
  number.end = run.end;
  return number;
}

std::optional<DecimalNumber> read_world(std::string_view text, std::size_t at, NumberStyle style) {
  const std::size_t first = digits_from(text, at);
  if (first == 0 || first > kMaxWorldDigits || (first > 1 && text[at] == '0')) return std::nullopt;
  const auto run = read_run(text, at);
  const auto decimals = run ? decimal_groups(text, *run, style) : std::nullopt;
  return decimals ? number_of(text, *run, *decimals) : std::nullopt;
}

struct Numeral {
  std::string_view word;
  std::int64_t value;  // of a digit; of a multiplier the power of ten
  bool formal;
};

constexpr std::array<Numeral, 23> kDigits{{{"零", 0, false}, {"〇", 0, false}, {"一", 1, false}, {"二", 2, false}, {"两", 2, false}, {"三", 3, false}, {"四", 4, false}, {"五", 5, false},
                                          {"六", 6, false}, {"七", 7, false}, {"八", 8, false}, {"九", 9, false}, {"壹", 1, true}, {"贰", 2, true}, {"貳", 2, true}, {"叁", 3, true},
                                          {"肆", 4, true}, {"伍", 5, true}, {"陆", 6, true}, {"柒", 7, true}, {"捌", 8, true}, {"玖", 9, true}, {"參", 3, true}}};
constexpr std::array<Numeral, 7> kPowers{{{"十", 10, false}, {"拾", 10, true}, {"百", 100, false}, {"佰", 100, true}, {"千", 1000, false}, {"仟", 1000, true}, {"万", 10000, false}}};

template <class Table>
const Numeral* numeral_at(const Table& table, std::string_view text, std::size_t at) {
  for (const Numeral& each : table)
    if (at < text.size() && text.substr(at).starts_with(each.word)) return &each;
  return nullptr;
}

}  // namespace

std::optional<DecimalNumber> read_number(std::string_view text, std::size_t at, NumberStyle style) {
  return style == NumberStyle::chinese ? read_chinese(text, at) : read_world(text, at, style);
}

std::optional<DecimalNumber> read_chinese_number(std::string_view text, std::size_t at) {
  std::int64_t whole = 0, section = 0, digit = -1, power = 1;  // power: of the last multiplier
  bool said = false, zero = false;
  for (int characters = 0; characters < 16; ++characters) {
    if (const Numeral* each = numeral_at(kDigits, text, at)) {
      if (digit > 0) return std::nullopt;  // digits in a row: a year, a telephone number
      zero = zero || each->value == 0;
      digit = each->value;
      at += each->word.size();
    } else if (const Numeral* times = numeral_at(kPowers, text, at)) {
      if (times->value == 10000) whole += (section + std::max<std::int64_t>(digit, 0)) * times->value, section = 0;
      else section += (digit > 0 ? digit : 1) * times->value;
      digit = -1;
      zero = false;
      power = times->value;
      said = true;
      at += times->word.size();
    } else {
      break;
    }
  }
  if (!said) return std::nullopt;
  if (digit > 0) section += power >= 100 && !zero ? digit * (power / 10) : digit;  // "两千五" is 2500
  DecimalNumber number;
  number.digits = whole + section;
  for (std::int64_t rest = number.digits; rest > 0; rest /= 10) ++number.whole_digits;
  number.end = at;
  if (number.digits == 0) return std::nullopt;
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
  if (value > kMaxMinor) return std::nullopt;
  return value;
}

std::size_t skip_number_run(std::string_view text, std::size_t at) {
  while (at < text.size() && (is_ascii_digit(text[at]) || std::string_view(".,-/:").find(text[at]) != std::string_view::npos)) ++at;
  return at;
}

}  // namespace netsampler
