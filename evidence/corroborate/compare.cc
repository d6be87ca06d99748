#include "evidence/corroborate/compare.h"

#include <algorithm>
#include <vector>

#include "evidence/corroborate/forms.h"

namespace netsampler::corroborate {
namespace {

constexpr double kErrorShare = 0.15, kOtherShare = 0.5;
constexpr std::size_t kWantedLimit = 400, kTextLimit = 4000;  // code points
constexpr int kNever = 10'000;                                // cost of a wrong digit

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); }
int cost_of(char32_t wanted, char32_t read) { return wanted == read ? 0 : is_digit(wanted) || is_digit(read) ? kNever : 1; }

Answer compare_money(std::int64_t minor, std::string_view there) {
  bool other = false;
  for (const Amount& amount : amounts_in(half_width(there))) {
    if (amount.minor == minor) return Answer::agrees;
    other = other || amount.marked || amount.decimals > 0;
  }
  return other ? Answer::differs : Answer::not_found;
}

// The point was lost, or the sign taken for a digit: 分 or a digit in front make no other price.
bool is_misread(std::int64_t minor, const Amount& read) {
  const std::string wanted = std::to_string(minor), got = std::to_string(read.minor);
  const std::string whole = std::to_string(read.minor / 100);
  return whole == wanted || (got.size() == wanted.size() + 1 && got.ends_with(wanted)) || (whole.size() == wanted.size() + 1 && whole.ends_with(wanted));
}

Answer compare_read_money(std::int64_t minor, std::string_view read) {
  bool other = false;
  for (const Amount& amount : amounts_in(half_width(read))) {
    if (amount.minor == minor) return Answer::agrees;
    other = other || ((amount.marked || amount.decimals > 0) && !is_misread(minor, amount));
  }
  return other ? Answer::differs : Answer::not_found;
}

// Another token of the same length and make stands there.
bool has_other_token(std::string_view text, std::string_view code) {
  std::size_t length = 0;
  bool digits = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && is_word(text[i])) {
      ++length;
      digits = digits || is_digit(static_cast<unsigned char>(text[i]));
      continue;
    }
    if (digits && length == code.size()) return true;
    length = 0;
    digits = false;
  }
  return false;
}

Answer compare_code(const std::string& there, const std::string& code) {
  if (code.size() < 2 || there.empty()) return Answer::not_found;
  if (has_token(there, code)) return Answer::agrees;
  return has_other_token(there, code) ? Answer::differs : Answer::not_found;
}

bool says_something(const std::u32string& text) {
  return std::any_of(text.begin(), text.end(), [](char32_t c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c > 0x2fff; });
}

Answer compare_text(const std::string& there, const std::string& wanted) {
  const std::u32string needle = code_points(wanted).substr(0, kWantedLimit), text = code_points(there).substr(0, kTextLimit);
  if (!says_something(needle) || !says_something(text)) return Answer::not_found;
  if (text.find(needle) != std::u32string::npos) return Answer::agrees;
  return error_share(needle, text) <= kOtherShare ? Answer::differs : Answer::not_found;
}

// Numbers as they stand: "100" is not in "1000".
std::vector<std::u32string> numbers_in(std::u32string_view text) {
  std::vector<std::u32string> numbers;
  bool inside = false;
  for (const char32_t c : text) {
    if (is_digit(c) && !inside) numbers.emplace_back();
    if (is_digit(c)) numbers.back().push_back(c);
    inside = is_digit(c);
  }
  return numbers;
}

// All numbers of the one, in their order, among those of the other.
bool has_numbers(std::u32string_view text, std::u32string_view wanted) {
  const auto there = numbers_in(text);
  auto at = there.begin();
  for (const std::u32string& number : numbers_in(wanted)) {
    at = std::find(at, there.end(), number);
    if (at == there.end()) return false;
    ++at;
  }
  return true;
}

}  // namespace

const char* word_of(Answer answer) {
  switch (answer) {
    case Answer::agrees: return "agrees";
    case Answer::differs: return "differs";
    case Answer::not_found: return "not-found";
    case Answer::not_applicable: return "not-applicable";
  }
  return "not-applicable";
}

bool Outcome::agrees() const {
  int yes = 0;
  for (const Said* said : {&pixels, &dom, &network}) {
    if (said->answer == Answer::differs || said->answer == Answer::not_found) return false;
    yes += said->answer == Answer::agrees ? 1 : 0;
  }
  return yes >= 2;
}

bool has_token(std::string_view text, std::string_view code) {
  if (code.empty()) return false;
  for (auto at = text.find(code); at != std::string_view::npos; at = text.find(code, at + 1)) {
    const std::size_t end = at + code.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

// Sellers' algorithm: the wanted text anywhere in the other, by the least number of changes.
double error_share(std::u32string_view wanted, std::u32string_view text) {
  if (wanted.empty()) return 1;
  std::vector<int> column(wanted.size() + 1);
  const auto alone = [&wanted](std::size_t i) { return is_digit(wanted[i - 1]) ? kNever : 1; };
  for (std::size_t i = 1; i < column.size(); ++i) column[i] = column[i - 1] + alone(i);
  int best = column.back();
  for (const char32_t read : text) {
    int diagonal = column[0];
    for (std::size_t i = 1; i < column.size(); ++i) {
      const int left = column[i];
      const int more = i == wanted.size() ? kNever : (is_digit(read) ? kNever : 1);  // a character too many inside
      column[i] = std::min({diagonal + cost_of(wanted[i - 1], read), column[i - 1] + alone(i), left + more});
      diagonal = left;
    }
    best = std::min(best, column.back());
  }
  return std::min(1.0, best / static_cast<double>(wanted.size()));
}

Answer compare_exact(const Expected& expected, std::string_view there) {
  if (expected.form == Form::money) return compare_money(expected.minor, there);
  const std::string text = folded(there), wanted = folded(expected.text);
  return expected.form == Form::code ? compare_code(text, wanted) : compare_text(text, wanted);
}

Answer compare_read(const Expected& expected, std::string_view read) {
  if (expected.form == Form::money) return compare_read_money(expected.minor, read);
  const std::string text = look_alike(folded(read)), wanted = look_alike(folded(expected.text));
  if (expected.form == Form::code) return compare_code(text, wanted);
  const std::u32string needle = code_points(wanted).substr(0, kWantedLimit), line = code_points(text).substr(0, kTextLimit);
  if (!says_something(needle) || !says_something(line)) return Answer::not_found;
  return has_numbers(line, needle) && error_share(needle, line) <= kErrorShare ? Answer::agrees : Answer::not_found;
}

}  // namespace netsampler::corroborate
