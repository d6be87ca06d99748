#include "evidence/identifiers/identifiers.h"

#include <array>

namespace netsampler {
namespace {

constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";  // no I, O, S, V, Z

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool all_digits(std::string_view text) {
  for (char c : text)
    if (!is_digit(c)) return false;
  return true;
}
int digit(char c) { return c - '0'; }

Error malformed(std::string why) { return fail(ErrorKind::invalid, std::move(why)); }

Result<void> expect_length(std::string_view value, std::size_t length) {
  if (value.size() == length) return {};
  return malformed("it has " + std::to_string(value.size()) + " bytes, " + std::to_string(length) + " are needed");
}

Result<void> expect_digits(std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i)
    if (!is_digit(value[i])) return malformed("character " + std::to_string(i + 1) + " of the number is not a digit 0-9");
  return {};
}

Result<void> expect_check(char expected, char found) {
  if (expected == found) return {};
  return malformed(std::string("the check digit should be ") + expected + ", the number has " + found);
}

// ISO 7064 MOD 11,10 over all digits but the last.
char mod_11_10(std::string_view digits) {
  int product = 10;
  for (char c : digits) {
    int sum = (product + digit(c)) % 10;
    if (sum == 0) sum = 10;
    product = sum * 2 % 11;
  }
  return static_cast<char>('0' + (11 - product) % 10);
}

Result<void> check_uscc(std::string_view value) {
  TRY(expect_length(value, 18));
  std::size_t sum = 0, weight = 1;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::size_t at = kUsccAlphabet.find(value[i]);
    if (at == std::string_view::npos)
      return malformed("character " + std::to_string(i + 1) + " is not one of " + std::string(kUsccAlphabet));
    if (i < 17) sum += at * weight;
    weight = weight * 3 % 31;
  }
  return expect_check(kUsccAlphabet[(31 - sum % 31) % 31], value[17]);
}

Result<void> check_registration_number(std::string_view value) {
  TRY(expect_length(value, 15));
  TRY(expect_digits(value));
  return expect_check(mod_11_10(value.substr(0, 14)), value[14]);
}

Result<void> check_organisation_code(std::string_view value) {
  std::string plain(value);
  if (plain.size() == 10 && plain[8] == '-') plain.erase(8, 1);
  TRY(expect_length(plain, 9));
  constexpr std::array<int, 8> weights{3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const char c = plain[i];
    if (!is_digit(c) && !is_letter(c)) return malformed("character " + std::to_string(i + 1) + " is not 0-9 or A-Z");
    sum += weights[i] * (is_digit(c) ? digit(c) : c - 'A' + 10);
  }
  const int check = 11 - sum % 11;
  return expect_check(check == 10 ? 'X' : static_cast<char>('0' + check % 11), plain[8]);
}

Result<void> check_food_licence(std::string_view value) {
  if (!value.starts_with("JY") && !value.starts_with("SC")) return malformed("it begins with neither JY nor SC");
  TRY(expect_length(value, 16));
  const std::string_view digits = value.substr(2);
  TRY(expect_digits(digits));
  return expect_check(mod_11_10(digits.substr(0, 13)), digits[13]);
}

Result<void> check_gtin13(std::string_view value) {
  TRY(expect_length(value, 13));
  TRY(expect_digits(value));
  int sum = 0;
  for (std::size_t i = 0; i < 12; ++i) sum += digit(value[i]) * (i % 2 == 0 ? 1 : 3);
  return expect_check(static_cast<char>('0' + (10 - sum % 10) % 10), value[12]);
}

Result<void> check_upu_s10(std::string_view value) {
  TRY(expect_length(value, 13));
  for (std::size_t i : {0u, 1u, 11u, 12u})
    if (!is_letter(value[i])) return malformed("characters 1, 2, 12 and 13 are letters A-Z");
  const std::string_view digits = value.substr(2, 9);
  TRY(expect_digits(digits));
  constexpr std::array<int, 8> weights{8, 6, 4, 2, 3, 5, 9, 7};
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * digit(digits[i]);
  int check = 11 - sum % 11;
  if (check == 10) check = 0;
  if (check == 11) check = 5;
  return expect_check(static_cast<char>('0' + check), digits[8]);
}

// The province of issue, "(渝)" or "（渝）": brackets around one ideograph (three bytes of UTF-8).
std::string_view without_province(std::string_view value) {
  const auto ideograph = [](std::string_view text) {
    return text.size() >= 3 && text[0] >= '\xe4' && text[0] <= '\xe9';
  };
  if (value.starts_with("(") && ideograph(value.substr(1)) && value.substr(4).starts_with(")")) return value.substr(5);
  if (value.starts_with("（") && ideograph(value.substr(3)) && value.substr(6).starts_with("）")) return value.substr(9);
  return value;
}

Result<void> check_xk(std::string_view value) {
  const std::string_view plain = without_province(value);
  if (!plain.starts_with("XK")) return malformed("it does not begin with XK (a province in brackets may stand before)");
  TRY(expect_length(plain, 14));
  const bool shape = plain[4] == '-' && plain[8] == '-' && all_digits(plain.substr(2, 2)) &&
                     all_digits(plain.substr(5, 3)) && all_digits(plain.substr(9));
  if (!shape) return malformed("its form is not XKnn-nnn-nnnnn");
  return {};
}

Result<void> check_ccc(std::string_view value) {
  TRY(expect_length(value, 16));
  TRY(expect_digits(value));
  const std::string_view year = value.substr(0, 4);
  if (year < "2002" || year > "2099") return malformed("its first four digits are not a year from 2002 on");
  return {};
}

constexpr std::array<IdentifierType, 8> kTypes{{
    {"uscc", "统一社会信用代码", "GB 32100-2015", check_uscc},
    {"registration-number", "工商注册号", "15 digits, ISO 7064 MOD 11,10", check_registration_number},
    {"organisation-code", "组织机构代码", "GB 11714", check_organisation_code},
    {"food-licence", "食品经营/生产许可证编号", "JY or SC and 14 digits, ISO 7064 MOD 11,10", check_food_licence},
    {"gtin13", "商品条码", "GS1 mod 10", check_gtin13},
    {"upu-s10", "国际邮件号码", "UPU S10", check_upu_s10},
    {"xk", "工业产品生产许可证编号", "XKnn-nnn-nnnnn, no check digit", check_xk},
    {"ccc", "强制性产品认证证书编号", "16 digits beginning with the year, no check digit", check_ccc},
}};

}  // namespace

std::span<const IdentifierType> identifier_types() { return kTypes; }

Result<void> check_identifier(std::string_view type, std::string_view value) {
  std::string known;
  for (const IdentifierType& row : kTypes) {
    if (type == row.name) return row.check(value);
    known += std::string(known.empty() ? "" : ", ") + row.name;
  }
  return fail(ErrorKind::usage, "unknown type " + std::string(type) + ": use one of " + known);
}

}  // namespace netsampler
