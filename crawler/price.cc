#include "crawler/price.h"

#include <algorithm>
#include <array>

#include "crawler/dom_text.h"
#include "crawler/price_number.h"
#include "crawler/price_words.h"

namespace netsampler {
namespace {

constexpr int kMaxBareDigits = 6;  // a bare longer number is rather an article number or a telephone number

std::string_view strip_end(std::string_view text, std::string_view marks = " ") {
  const auto last = text.find_last_not_of(marks);
  return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}
std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  return at;
}

// A letter of a Western script beside a number: "1Z99", "99О" (Cyrillic). The number is then no number.
bool western_letter(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  if (is_ascii_letter(text[at])) return true;
  const auto lead = static_cast<unsigned char>(text[at]);
  const bool multiply_or_divide = text.substr(at, 2) == "×" || text.substr(at, 2) == "÷";
  return lead >= 0xC3 && lead <= 0xD4 && !multiply_or_divide;
}

bool letter_before(std::string_view text) {
  if (text.empty()) return false;
  if (is_ascii_alnum(text.back()) || text.back() == '.' || text.back() == ',') return true;
  return text.size() >= 2 && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80 && western_letter(text, text.size() - 2);
}

struct Before {
  std::string_view rest;  // what stands before currency, fillers and label
  std::string kind, currency;
  bool lowest = false;    // 低至, 最低
  bool refused = false;
};

// Words that may stand between a label and its number.
std::string_view strip_fillers(std::string_view text, bool& lowest) {
  constexpr std::array<std::string_view, 8> kFillers{"低至", "最低", "约", "仅需", "仅", "只要", "只需", "为"};
  for (bool found = true; found;) {
    found = false;
    text = strip_end(text, " :()");
    for (std::string_view filler : kFillers) {
      if (!text.ends_with(filler)) continue;
      lowest = lowest || filler == "低至" || filler == "最低";
      text.remove_suffix(filler.size());
      found = true;
      break;
    }
  }
  return text;
}

Before read_before(std::string_view text) {
  Before before;
  const WordHit currency = currency_at_end(strip_end(text));
  before.currency = currency.meaning;
  std::string_view rest = text;
  if (currency.bytes > 0) rest = strip_end(strip_end(text).substr(0, strip_end(text).size() - currency.bytes));
  else before.refused = letter_before(text);
  const std::string_view bare = strip_end(rest);
  if (!bare.empty() && (bare.back() == '-' || bare.back() == '/' || bare.back() == '+')) before.refused = true;
  rest = strip_fillers(rest, before.lowest);
  const WordHit label = price_label_at_end(rest);
  before.kind = label.meaning;
  before.rest = rest.substr(0, rest.size() - label.bytes);
  if (label.bytes == 0) before.refused = before.refused || refused_before(rest);
  return before;
}

struct Amount {
  std::int64_t minor = 0;
  std::string currency;  // empty: none said behind it
  std::size_t end = 0;
  bool bare_short = true;
  int decimals = 0;
};

int minor_digits_of(const std::string& currency) { return currency == "JPY" ? 0 : 2; }

// "9角5分" behind "39元", or "9" behind "9块".
std::int64_t read_jiao(std::string_view text, bool after_kuai, std::size_t& at) {
  const std::size_t digit = skip_spaces(text, at);
  if (digit >= text.size() || !is_ascii_digit(text[digit])) return 0;
  const std::string_view rest = text.substr(digit + 1);
  const std::int64_t jiao = text[digit] - '0';
  const bool named = rest.starts_with("角") || rest.starts_with("毛");
  const bool spoken = after_kuai && digit == at && (rest.empty() || rest[0] == ' ');
  if (!named && !spoken) return 0;
  at = digit + 1 + (named ? 3 : 0);
  if (!named || at + 1 > text.size() || at >= text.size() || !is_ascii_digit(text[at])) return jiao * 10;
  if (!text.substr(at + 1).starts_with("分")) return jiao * 10;
  const std::int64_t fen = text[at] - '0';
  at += 4;
  return jiao * 10 + fen;
}

// One amount from text[at] on: number, 万, unit, 角 and 分. `marked`: a currency stands before it.
std::optional<Amount> read_amount(std::string_view text, std::size_t at, const std::string& currency_before) {
  const auto number = read_number(text, at);
  if (!number) return std::nullopt;
  Amount amount;
  amount.bare_short = number->whole_digits <= kMaxBareDigits;
  amount.decimals = number->decimals;
  std::size_t end = number->end;
  int power = 0;
  const std::size_t next = skip_spaces(text, end);
  if (text.substr(next).starts_with("万")) {
    power = 4;
    end = next + 3;
  } else if (end < text.size() && (text[end] == 'w' || text[end] == 'W') &&
             (!currency_before.empty() || text.substr(end + 1).starts_with("元"))) {
    power = 4;
    end += 1;
  }
  if (power == 0 && number->decimals > 2) return std::nullopt;
  const std::string_view behind = text.substr(skip_spaces(text, end));
  if (power == 0 && (behind.starts_with("角") || behind.starts_with("毛")) && number->decimals == 0 && number->whole_digits == 1) {
    amount.minor = number->digits * 10;
    amount.currency = "CNY";
    amount.end = skip_spaces(text, end) + 3;
    return amount;
  }
  const WordHit unit = currency_at_start(behind);
  if (unit.bytes > 0) {
    amount.currency = unit.meaning;
    end = skip_spaces(text, end) + unit.bytes;
  } else if (western_letter(text, end) || (end < text.size() && (text[end] == '?' || text[end] == '*' || text[end] == '+'))) {
    return std::nullopt;
  }
  const std::string currency = !currency_before.empty() ? currency_before : amount.currency.empty() ? "CNY" : amount.currency;
  const auto minor = to_minor(*number, power, minor_digits_of(currency));
  if (!minor) return std::nullopt;
  amount.minor = *minor;
  if (unit.bytes > 0 && currency == "CNY" && number->decimals == 0)
    amount.minor += read_jiao(text, behind.starts_with("块"), end);
  amount.end = end;
  return amount;
}

// Where the upper end of a range begins, behind "-", "~", "至" …; 0 where there is none.
std::size_t range_sign(std::string_view text, std::size_t at) {
  at = skip_spaces(text, at);
  for (std::string_view sign : {"-", "~", "至", "到", "～"})
    if (text.substr(at).starts_with(sign)) return skip_spaces(text, at + sign.size());
  return 0;
}

class Scanner {
 public:
  Scanner(std::string_view text, bool alone) : text_(text), alone_(alone) {
    // "¥89 券后 ¥199 原价": a text that ends with a label and does not begin with one has them behind the amounts.
    labels_behind_ = price_label_at_end(strip_end(text, " )")).bytes > 0 && price_label_at_start(text).bytes == 0;
  }

  std::vector<Price> scan() {
    for (std::size_t at = 0; at < text_.size();) {
      if (!is_ascii_digit(text_[at])) {
        ++at;
        continue;
      }
      const auto price = read(at);
      if (price) prices_.push_back(*price);
      at = price ? std::max(price->end, at + 1) : std::max(skip_number_run(text_, at), at + 1);
    }
    return std::move(prices_);
  }

 private:
  std::optional<Price> read(std::size_t at) {
    const std::size_t from = prices_.empty() ? 0 : prices_.back().end;
    const Before before = read_before(text_.substr(from, at - from));
    if (before.refused) return std::nullopt;
    const auto low = read_amount(text_, at, before.currency);
    if (!low) return std::nullopt;
    Price price;
    price.begin = from + before.rest.size();
    while (price.begin < at && text_[price.begin] == ' ') ++price.begin;
    price.amount_minor = low->minor;
    price.end = low->end;
    price.kind = before.kind;
    price.currency = before.currency.empty() ? low->currency : before.currency;
    if (!read_high(*low, price)) return std::nullopt;
    price.marked = !price.currency.empty();
    if (!price.marked) price.currency = "CNY";
    read_behind(before.lowest, price);
    return accept(price, *low) ? std::optional<Price>(price) : std::nullopt;
  }

  // False where something follows that looks like a range and is none: a date, a telephone number.
  bool read_high(const Amount& low, Price& price) const {
    const std::size_t sign = range_sign(text_, low.end);
    if (sign == 0 || sign >= text_.size()) return true;
    std::size_t at = sign;
    std::string currency = price.currency;
    for (std::size_t width = 1; width <= 9 && !is_ascii_digit(text_[at]); ++width) {
      if (sign + width >= text_.size()) return true;
      const WordHit hit = currency_at_end(text_.substr(sign, width));
      const std::size_t next = skip_spaces(text_, sign + width);
      if (hit.bytes == 0 || next >= text_.size() || !is_ascii_digit(text_[next])) continue;
      currency = hit.meaning;
      at = next;
    }
    if (!is_ascii_digit(text_[at])) return true;
    const auto high = read_amount(text_, at, currency);
    if (!high || high->minor <= low.minor) return false;
    if (high->end < text_.size() && skip_number_run(text_, high->end) > high->end) return false;
    price.high_minor = high->minor;
    if (price.currency.empty()) price.currency = currency.empty() ? high->currency : currency;
    price.end = high->end;
    return true;
  }

  // 起, and a label behind the amount.
  void read_behind(bool lowest, Price& price) {
    price.labelled = !price.kind.empty();
    std::size_t at = skip_spaces(text_, price.end);
    if (text_.substr(at).starts_with("起") && !text_.substr(at).starts_with("起送")) {
      lowest = true;
      price.end = at + 3;
      at = skip_spaces(text_, price.end);
    }
    if (!price.labelled || labels_behind_) read_label_behind(at, price);
    if ((lowest || price.high_minor) && (price.kind.empty() || price.kind == "list")) price.kind = "range_low";
    if (price.kind.empty()) price.kind = "list";
  }

  void read_label_behind(std::size_t at, Price& price) const {
    if (at < text_.size() && text_[at] == '(') ++at;
    const WordHit label = price_label_at_start(text_.substr(std::min(at, text_.size())));
    if (label.bytes == 0) return;
    const std::size_t next = skip_spaces(text_, at + label.bytes);
    const bool labels_next = next < text_.size() && (text_[next] == ':' || is_ascii_digit(text_[next]) ||
                                                     text_.substr(next).starts_with("\xc2\xa5") || text_[next] == '$');
    if (labels_next && !labels_behind_) return;
    price.kind = label.meaning;
    price.labelled = true;
    price.end = at + label.bytes;
  }

  bool accept(const Price& price, const Amount& low) const {
    const std::string_view behind = text_.substr(skip_spaces(text_, price.end));
    if (!price.marked && (unit_after(behind) || skip_number_run(behind, 0) > 0)) return false;
    if (not_paid_after(behind) || instalment(behind)) return false;
    if (price.marked || price.labelled) return price.marked || low.bare_short;
    return alone_ && is_whole_text(price) && low.bare_short && plausible_alone(price, low);
  }

  static bool instalment(std::string_view behind) {  // "×3期", "x 12 期"
    if (behind.starts_with("×")) behind.remove_prefix(2);
    else if (behind.starts_with("x") || behind.starts_with("X") || behind.starts_with("*")) behind.remove_prefix(1);
    else return false;
    behind = behind.substr(skip_spaces(behind, 0));
    std::size_t digits = 0;
    while (digits < behind.size() && is_ascii_digit(behind[digits])) ++digits;
    return digits > 0 && behind.substr(skip_spaces(behind, digits)).starts_with("期");
  }

  bool is_whole_text(const Price& price) const {
    return trim(text_.substr(0, price.begin)).empty() && trim(text_.substr(price.end)).empty();
  }

  // "12-25" and "2023-2024" are rather dates than prices.
  static bool plausible_alone(const Price& price, const Amount& low) {
    if (!price.high_minor || low.decimals > 0) return true;
    const std::int64_t from = price.amount_minor / 100, to = *price.high_minor / 100;
    return to > 31 && !(from >= 1900 && to <= 2100);
  }

  std::string_view text_;
  bool alone_;
  bool labels_behind_ = false;
  std::vector<Price> prices_;
};

std::optional<Price> read_free(std::string_view folded) {
  constexpr std::string_view kFree = "免费";
  if (!folded.ends_with(kFree)) return std::nullopt;
  const std::string_view before = strip_end(folded.substr(0, folded.size() - kFree.size()), " :");
  const WordHit label = price_label_at_end(before);
  if (label.bytes != before.size()) return std::nullopt;
  Price price;
  if (label.bytes > 0) price.kind = label.meaning;
  price.labelled = label.bytes > 0;
  price.end = folded.size();
  return price;
}

}  // namespace

std::vector<Price> scan_prices(std::string_view folded, bool alone) { return Scanner(folded, alone).scan(); }

std::optional<Price> read_price(std::string_view text) {
  const std::string folded = fold(text);
  if (auto free = read_free(folded)) return free;
  const auto prices = scan_prices(folded, true);
  return prices.empty() ? std::nullopt : std::optional<Price>(prices.front());
}

std::string price_kind_of_label(std::string_view folded_label) {
  const WordHit hit = price_label_at_end(folded_label);
  return hit.bytes == folded_label.size() ? std::string(hit.meaning) : std::string();
}

Json price_json(std::string_view line) {
  const std::string raw = replace_invalid_utf8(line);
  Json out{{"raw", raw}, {"amount_minor", nullptr}, {"currency", nullptr}, {"kind", nullptr}};
  const auto price = raw == line ? read_price(raw) : std::nullopt;
  if (!price) return out;
  out["amount_minor"] = price->amount_minor;
  out["currency"] = price->currency;
  out["kind"] = price->kind;
  if (price->high_minor) out["amount_minor_high"] = *price->high_minor;
  return out;
}

}  // namespace netsampler
