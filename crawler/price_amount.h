// One amount of money in a text: a number with the words that belong to it (万, 元, 角, "€", ",-"), and the currency it is in.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace netsampler {

struct AmountContext {
  std::string currency_before;  // ISO 4217 of the sign before the number; empty where none
  bool shared_sign = false;     // … which several countries use: a code behind the number decides
  bool chinese = false;         // a text with Chinese characters and no kana
  bool japanese = false;        // "¥" are yen
  bool numerals = false;        // numbers in Chinese numerals count ("壹佰元")
};

struct Amount {
  std::int64_t minor = 0;      // 分 of CNY; the smallest unit of `currency`
  std::string currency;        // empty: none said
  std::size_t end = 0;         // byte after it
  int decimals = 0, whole_digits = 0;
  bool grouped = false;        // with marks between thousands
  bool scaled = false;         // 万, 千, k behind the number
  std::string_view digits;     // the number as it stands, without sign and unit
};

// The amount that begins at text[at]; none where it is no number or goes on as something else ("1Z99", "1?9", "100+").
std::optional<Amount> read_amount(std::string_view text, std::size_t at, const AmountContext& context);
std::size_t skip_spaces(std::string_view text, std::size_t at);

}  // namespace netsampler
