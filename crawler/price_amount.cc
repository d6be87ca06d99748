#include "crawler/price_amount.h"

#include <array>

#include "crawler/dom_text.h"
#include "crawler/price_currency.h"
#include "crawler/price_number.h"

namespace netsampler {
namespace {

// A letter of a Western script beside a number: "1Z99", "99О" (Cyrillic). The number is then no number.
bool western_letter(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  if (is_ascii_letter(text[at])) return true;
  const auto lead = static_cast<unsigned char>(text[at]);
  const bool multiply_or_divide = text.substr(at, 2) == "×" || text.substr(at, 2) == "÷";
  return lead >= 0xC3 && lead <= 0xD4 && !multiply_or_divide;
}

bool digit_at(std::string_view text, std::size_t at) { return at < text.size() && is_ascii_digit(text[at]); }

struct Scale {
  std::string_view word;
  int power;
};

// 万, 千, 百 behind a number; "w" and "k" only where a currency is said. Bytes 0: none.
Scale scale_at(std::string_view text, std::size_t end, bool marked) {
  const std::string_view rest = text.substr(skip_spaces(text, end));
  constexpr std::array<Scale, 6> kScales{{{"万", 4}, {"萬", 4}, {"만", 4}, {"千", 3}, {"천", 3}, {"百", 2}}};
  for (const Scale& each : kScales) {
    if (!rest.starts_with(each.word)) continue;
    const bool unit_next = currency_at_start(rest.substr(each.word.size())).bytes > 0;
    if (each.power == 4 || unit_next) return each;
  }
  const std::string_view glued = text.substr(end);
  const bool word_ends = glued.size() < 2 || !western_letter(glued, 1);
  if (glued.starts_with("w") || glued.starts_with("W"))
    return (marked && word_ends) || glued.substr(1).starts_with("元") ? Scale{glued.substr(0, 1), 4} : Scale{};
  if ((glued.starts_with("k") || glued.starts_with("K")) && marked && word_ends) return {glued.substr(0, 1), 3};
  return {};
}

// "9角5分" behind "39元", or "9" behind "9块".
std::int64_t read_jiao(std::string_view text, bool after_kuai, std::size_t& at) {
  const std::size_t digit = skip_spaces(text, at);
  if (!digit_at(text, digit)) return 0;
  const std::string_view rest = text.substr(digit + 1);
  const std::int64_t jiao = text[digit] - '0';
  const bool named = rest.starts_with("角") || rest.starts_with("毛");
  const bool spoken = after_kuai && digit == at && (rest.empty() || rest[0] == ' ' || !(is_ascii_digit(rest[0]) || rest[0] == '.'));
  if (!named && !spoken) return 0;
  at = digit + 1 + (named ? 3 : 0);
  if (!named || !digit_at(text, at) || !text.substr(at + 1).starts_with("分")) return jiao * 10;
  const std::int64_t fen = text[at] - '0';
  at += 4;
  return jiao * 10 + fen;
}

// "12,-", "12.–", "99:-": nothing behind the point.
std::size_t skip_empty_decimals(std::string_view text, std::size_t end) {
  if (end >= text.size() || std::string_view(".,:").find(text[end]) == std::string_view::npos) return end;
  std::size_t at = end + 1;
  while (at < text.size() && text[at] == '-') ++at;
  return at > end + 1 && !digit_at(text, at) ? at : end;
}

// "12€50", "12,€50" no; exactly two digits right behind the sign.
bool decimals_behind_sign(std::string_view text, std::size_t at) {
  return digit_at(text, at) && digit_at(text, at + 1) && !digit_at(text, at + 2) && !western_letter(text, at + 2);
}

class Reader {
 public:
  Reader(std::string_view text, std::size_t at, const AmountContext& context) : text_(text), at_(at), context_(context) {}

  std::optional<Amount> read() {
    const bool yuan = context_.currency_before == "CNY" && !context_.japanese;
    if (!take_number(yuan || (context_.chinese && context_.currency_before.empty()) ? NumberStyle::chinese : style_of(context_.currency_before)))
      return std::nullopt;
    if (number_.decimals == 0 && read_small_coin()) return amount_;
    read_scale();
    if (!take_currency()) return std::nullopt;
    if (!finish()) return std::nullopt;
    return amount_;
  }

 private:
  static NumberStyle style_of(std::string_view currency) {
    return minor_digits_of(currency) == 3 ? NumberStyle::three_decimals : NumberStyle::world;
  }

  bool take_number(NumberStyle style) {
    style_ = style;
    auto number = digit_at(text_, at_) ? read_number(text_, at_, style) : context_.numerals ? read_chinese_number(text_, at_) : std::nullopt;
    if (!number) return false;
    number_ = *number;
    amount_.digits = text_.substr(at_, number_.end - at_);
    end_ = number_.end;
    if (style_ != NumberStyle::chinese) end_ = skip_empty_decimals(text_, end_);
    if (style_ != NumberStyle::chinese && !context_.currency_before.empty()) take_parted_decimals();
    return true;
  }

  // "$119. 95": the decimals in a box of their own, nothing behind them.
  void take_parted_decimals() {
    if (number_.decimals != 0 || end_ + 4 > text_.size() || text_.substr(end_, 2) != ". ") return;
    const bool ends = end_ + 4 == text_.size() || text_[end_ + 4] == ' ';
    if (!digit_at(text_, end_ + 2) || !digit_at(text_, end_ + 3) || !ends || number_.digits > 999'999'999) return;
    number_.digits = number_.digits * 100 + (text_[end_ + 2] - '0') * 10 + (text_[end_ + 3] - '0');
    number_.decimals = 2;
    end_ += 4;
  }

  // "9角", "99¢", "50p": alone, below one.
  bool read_small_coin() {
    const std::size_t next = skip_spaces(text_, end_);
    const std::string_view behind = text_.substr(next);
    const bool jiao = number_.whole_digits == 1 && (behind.starts_with("角") || behind.starts_with("毛"));
    const bool cent = number_.whole_digits <= 2 && context_.currency_before.empty() && behind.starts_with("¢");
    const bool penny = number_.whole_digits <= 2 && context_.currency_before.empty() && next == end_ && behind == "p";
    if (!jiao && !cent && !penny) return false;
    amount_.minor = jiao ? number_.digits * 10 : number_.digits;
    amount_.currency = jiao ? "CNY" : cent ? "USD" : "GBP";
    amount_.end = next + (jiao ? 3 : cent ? std::string_view("¢").size() : 1);
    return true;
  }

  // "1.2万", and "1万5", which is fifteen thousand.
  void read_scale() {
    const Scale scale = scale_at(text_, end_, !context_.currency_before.empty());
    if (scale.word.empty()) return;
    power_ = scale.power;
    amount_.scaled = true;
    end_ = skip_spaces(text_, end_) + scale.word.size();
    if (power_ != 4 || number_.decimals > 0 || !digit_at(text_, end_) || digit_at(text_, end_ + 1)) return;
    std::size_t after = end_ + 1;
    if (text_.substr(after).starts_with("千")) after += 3;
    if (after < text_.size() && (text_[after] == '.' || text_[after] == ',')) return;
    number_.digits = number_.digits * 10 + (text_[end_] - '0');
    power_ = 3;
    end_ = after;
  }

  bool take_currency() {
    const WordHit unit = unit_behind();
    if (unit.bytes > 0) return take_unit(unit);
    if (end_ < text_.size() && (text_[end_] == '?' || text_[end_] == '*' || text_[end_] == '+')) return starred_footnote();
    if (western_letter(text_, end_)) return word_may_follow();
    amount_.currency = context_.currency_before;
    return true;
  }

  // "34,50 € *" has its star behind a space; one that touches the digits is a mask or a count, unless the decimals are complete.
  bool starred_footnote() {
    if (text_[end_] != '*' || number_.decimals != 2 || style_ == NumberStyle::chinese) return false;
    amount_.currency = context_.currency_before;
    return true;
  }

  // "$12.99each": letters behind a complete price, no digits in them.
  bool word_may_follow() {
    std::size_t at = end_;
    while (western_letter(text_, at)) at += code_point_bytes(text_, at);
    if (context_.currency_before.empty() || style_ == NumberStyle::chinese || number_.decimals != 2 || digit_at(text_, at)) return false;
    amount_.currency = context_.currency_before;
    return true;
  }

  // The sign behind the number, unless it is the next number's own ("£9.99 $13.71") or a unit of something else.
  WordHit unit_behind() const {
    const std::size_t next = skip_spaces(text_, end_);
    WordHit unit = currency_at_start(text_.substr(next));
    if (unit.bytes == 0) return {};
    const std::string_view word = text_.substr(next, unit.bytes);
    const std::size_t after = skip_spaces(text_, next + unit.bytes);
    const bool digits_follow = digit_at(text_, after);
    const bool is_code = is_ascii_letter(word[0]) && word.size() == 3;
    const bool western = is_ascii_letter(word[0]) || is_code || shared_sign(word) || word == "€" || word == "₽" || word == "₩";
    if (next > end_ && digits_follow && after == next + unit.bytes && western) return {};
    if (context_.chinese && is_ascii_letter(word[0]) && word.size() <= 2) return {};
    if (context_.currency_before.empty()) return unit;
    if (digits_follow && western) return {};
    const bool same = unit.meaning == context_.currency_before;
    return same || is_code || !western || word == context_.currency_before ? unit : WordHit{};
  }

  bool take_unit(const WordHit& unit) {
    const std::string before = context_.currency_before;
    amount_.currency = before.empty() || context_.shared_sign ? std::string(unit.meaning) : before;
    if (amount_.currency == "CNY" && context_.japanese) amount_.currency = "JPY";
    const NumberStyle style = amount_.currency == "CNY" ? NumberStyle::chinese : style_of(amount_.currency);
    const std::size_t next = skip_spaces(text_, end_);
    // Written otherwise than this currency is: read again, and only the same stretch of text will do.
    if (style != style_ && power_ == 0 && digit_at(text_, at_)) {
      const std::size_t end_before = number_.end;
      if (!take_number(style) || number_.end != end_before) return false;
    }
    end_ = next + unit.bytes;
    kuai_ = text_.substr(next).starts_with("块");
    unit_ = true;
    if (style != NumberStyle::chinese && number_.decimals == 0 && power_ == 0 && decimals_behind_sign(text_, end_)) {
      number_.digits = number_.digits * 100 + (text_[end_] - '0') * 10 + (text_[end_ + 1] - '0');
      number_.decimals = 2;
      end_ += 2;
    }
    return true;
  }

  bool finish() {
    if (context_.japanese && amount_.currency == "CNY") amount_.currency = "JPY";
    const std::string currency = amount_.currency.empty() ? "CNY" : amount_.currency;
    if (currency == "CNY" && power_ == 0 && style_ == NumberStyle::chinese && number_.decimals > 2) return false;
    const auto minor = to_minor(number_, power_, minor_digits_of(currency));
    if (!minor) return false;
    amount_.minor = *minor;
    if (unit_ && currency == "CNY" && number_.decimals == 0) amount_.minor += read_jiao(text_, kuai_, end_);
    amount_.end = end_;
    amount_.decimals = number_.decimals;
    amount_.whole_digits = number_.whole_digits;
    amount_.grouped = number_.grouped;
    return true;
  }

  std::string_view text_;
  std::size_t at_, end_ = 0;
  const AmountContext& context_;
  NumberStyle style_ = NumberStyle::chinese;
  DecimalNumber number_;
  Amount amount_;
  int power_ = 0;
  bool unit_ = false, kuai_ = false;
};

}  // namespace

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  return at;
}

std::optional<Amount> read_amount(std::string_view text, std::size_t at, const AmountContext& context) {
  return Reader(text, at, context).read();
}

}  // namespace netsampler
