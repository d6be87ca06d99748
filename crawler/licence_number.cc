#include "crawler/licence_number.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "crawler/dom_text.h"
#include "evidence/identifiers/identifiers.h"

namespace netsampler {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::size_t kCombinationLimit = 8, kCandidateLimit = 8;
constexpr std::array<std::string_view, 35> kProvinces{"10", "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
                                                      "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82"};

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// A letter that looks like a digit; 0 where it looks like none.
char digit_like(char c) {
  constexpr std::string_view kLetters = "ODQUILTZSBGA", kDigits = "000011725864";
  if (is_ascii_digit(c)) return c;
  const std::size_t at = kLetters.find(upper(c));
  return at == std::string_view::npos ? '\0' : kDigits[at];
}

// The five letters that the standard leaves out because they look like others; 0 for what is no letter of it at all.
char alphabet_like(char c) {
  c = upper(c);
  if (kAlphabet.find(c) != std::string_view::npos) return c;
  constexpr std::string_view kLeftOut = "IOSZ", kMeant = "1052";
  const std::size_t at = kLeftOut.find(c);
  return at == std::string_view::npos ? '\0' : kMeant[at];
}

bool is_province(std::string_view digits) { return std::find(kProvinces.begin(), kProvinces.end(), digits) != kProvinces.end(); }

using Forms = std::map<std::string, int>;  // a reading in its normal form, and how many gave it

Forms forms_of(const std::vector<NumberReading>& readings, const std::function<std::string(std::string_view)>& normal) {
  Forms forms;
  for (const NumberReading& each : readings)
    if (const std::string form = normal(each.text); !form.empty()) ++forms[form];
  return forms;
}

// What stands at each place in the readings, put together in every way; empty where there are too many ways.
std::vector<std::string> combinations(const Forms& forms) {
  std::vector<std::string> ways{""};
  const std::size_t length = forms.begin()->first.size();
  for (std::size_t at = 0; at < length; ++at) {
    std::set<char> here;
    for (const auto& [form, count] : forms) here.insert(form[at]);
    std::vector<std::string> longer;
    for (const std::string& way : ways)
      for (const char c : here) longer.push_back(way + c);
    if (longer.size() > kCombinationLimit) return {};
    ways = std::move(longer);
  }
  return ways;
}

void keep_candidates(LicenceNumber& number, const std::vector<std::string>& values) {
  for (const std::string& value : values)
    if (value != number.value && number.candidates.size() < kCandidateLimit &&
        std::find(number.candidates.begin(), number.candidates.end(), value) == number.candidates.end())
      number.candidates.push_back(value);
}

// All readings, and at least three, say the same, which does not pass: it is what stands there, with its fault.
void take_unanimous(LicenceNumber& number, const Forms& forms, std::size_t readings) {
  if (forms.size() != 1 || forms.begin()->second < 3 || readings > static_cast<std::size_t>(forms.begin()->second) + 1) return;
  number.value = forms.begin()->first;
  number.confidence = 50;
}

struct Rules {
  const char* type;
  std::function<std::string(std::string_view)> normal;
  std::function<bool(std::string_view)> sound;       // all that the number says of itself agrees
  std::function<bool(std::string_view)> well_formed;  // the standard's check digit alone
  int readings_needed;                                // of one whole number, sound
};

// Lines are judged by themselves: the certain number of the first line that has one, unless another line has another.
LicenceNumber judge_line(const Rules& rules, const std::vector<NumberReading>& readings) {
  LicenceNumber number;
  number.type = rules.type;
  const Forms forms = forms_of(readings, rules.normal);
  if (forms.empty()) return number;
  std::vector<std::string> sound, formed;
  for (const auto& [form, count] : forms) {
    if (rules.sound(form)) sound.push_back(form);
    if (rules.well_formed(form)) formed.push_back(form);
  }
  if (formed.size() == 1 && sound.size() == 1 && forms.at(sound.front()) >= rules.readings_needed) {
    number.value = sound.front();
    number.confidence = std::min(99, 80 + 6 * forms.at(sound.front()));
  } else if (formed.size() == 1 && sound.empty() && forms.at(formed.front()) >= 4) {
    number.value = formed.front();  // a genuine number whose inner digits break a rule: every reading has it
    number.confidence = 75;
  } else if (formed.empty()) {
    for (const std::string& way : combinations(forms))
      if (rules.sound(way)) sound.push_back(way);
    if (sound.size() == 1 && rules.readings_needed == 1) {
      number.value = sound.front();
      number.confidence = 70;
    }
  }
  number.valid = !number.value.empty();
  if (formed.empty() && sound.empty()) take_unanimous(number, forms, readings.size());
  keep_candidates(number, formed);
  keep_candidates(number, sound);
  return number;
}

LicenceNumber judge(const Rules& rules, const std::vector<NumberReading>& readings) {
  std::map<int, std::vector<NumberReading>> by_line;
  for (const NumberReading& each : readings) by_line[each.line].push_back(each);
  LicenceNumber chosen;
  chosen.type = rules.type;
  bool contradicted = false;
  for (const auto& [line, of_line] : by_line) {
    const LicenceNumber number = judge_line(rules, of_line);
    keep_candidates(chosen, number.candidates);
    if (number.value.empty() || number.value == chosen.value) continue;
    if (number.valid && chosen.valid) contradicted = true;
    if (number.valid && !chosen.valid) {
      if (!chosen.value.empty()) keep_candidates(chosen, {number.value});
      auto candidates = chosen.candidates;
      chosen = number;
      chosen.candidates = std::move(candidates);
    } else if (chosen.value.empty()) {
      chosen.value = number.value;
      chosen.confidence = number.confidence;
    } else {
      keep_candidates(chosen, {number.value});
    }
  }
  if (contradicted) {
    const std::string value = std::exchange(chosen.value, "");
    keep_candidates(chosen, {value});
    chosen.valid = false;
    chosen.confidence = 0;
  }
  std::erase(chosen.candidates, chosen.value);
  std::sort(chosen.candidates.begin(), chosen.candidates.end());
  return chosen;
}

std::string as_food_licence(std::string_view read) {
  if (read.size() != 16) return "";
  std::string out;
  const char first = upper(read[0]), second = upper(read[1]);
  if (second == 'Y' || second == 'V') out = "JY";
  else if (first == 'S' || first == '5') out = "SC";
  else return "";
  for (const char c : read.substr(2)) {
    const char digit = digit_like(c);
    if (digit == '\0') return "";
    out += digit;
  }
  return out;
}

bool has_check_digit(const char* type, std::string_view value) { return check_identifier(type, value).ok(); }

}  // namespace

std::string as_uscc(std::string_view read) {
  if (read.size() != 18) return "";
  std::string out;
  for (std::size_t i = 0; i < read.size(); ++i) {
    const char c = i >= 2 && i < 8 ? digit_like(read[i]) : alphabet_like(read[i]);
    if (c == '\0') return "";
    out += c;
  }
  return out;
}

std::string as_registration_number(std::string_view read) {
  if (read.size() != 15) return "";
  std::string out;
  for (const char c : read) {
    const char digit = digit_like(c);
    if (digit == '\0') return "";
    out += digit;
  }
  return out;
}

bool is_sound_uscc(std::string_view value) {
  if (!has_check_digit("uscc", value)) return false;
  constexpr std::string_view kAuthorities = "123456789ANY", kKinds = "12345679";
  return kAuthorities.find(value[0]) != std::string_view::npos && kKinds.find(value[1]) != std::string_view::npos && is_province(value.substr(2, 2)) &&
         has_check_digit("organisation-code", value.substr(8, 9));
}

bool is_sound_registration_number(std::string_view value) {
  return has_check_digit("registration-number", value) && is_province(value.substr(0, 2));
}

LicenceNumber judge_uscc(const std::vector<NumberReading>& readings) {
  return judge({"uscc", as_uscc, is_sound_uscc, [](std::string_view value) { return has_check_digit("uscc", value); }, 1}, readings);
}

// One check digit passes one wrong number in ten: two readings must agree.
LicenceNumber judge_registration_number(const std::vector<NumberReading>& readings) {
  const auto formed = [](std::string_view value) { return has_check_digit("registration-number", value); };
  return judge({"registration-number", as_registration_number, is_sound_registration_number, formed, 2}, readings);
}

LicenceNumber judge_food_licence(const std::vector<NumberReading>& readings) {
  const auto formed = [](std::string_view value) { return has_check_digit("food-licence", value); };
  return judge({"food-licence", as_food_licence, formed, formed, 2}, readings);
}

}  // namespace netsampler
