#include "crawler/price.h"

#include <algorithm>
#include <array>

#include "crawler/dom_text.h"
#include "crawler/price_amount.h"
#include "crawler/price_currency.h"
#include "crawler/price_words.h"
#include "crawler/price_words_world.h"
#include "crawler/price_number.h"

namespace netsampler {
namespace {

constexpr int kMaxBareDigits = 6;  // a bare longer number is rather an article number or a telephone number

std::string_view strip_end(std::string_view text, std::string_view marks = " ") {
  const auto last = text.find_last_not_of(marks);
  return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

// A letter of a Western script, a point or a comma right before a number: then it is no number.
bool letter_before(std::string_view text) {
  if (text.empty()) return false;
  if (is_ascii_alnum(text.back()) || text.back() == '.' || text.back() == ',') return true;
  std::size_t at = text.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  const auto lead = static_cast<unsigned char>(text[at]);
  return lead >= 0xC3 && lead <= 0xD4 && text.substr(at) != "×" && text.substr(at) != "÷";
}

struct Before {
  std::string_view rest;  // what stands before currency, fillers and label
  std::string kind;
  std::string_view sign;  // of the currency
  AmountContext context;
  bool lowest = false;    // 低至, 最低, from
  bool refused = false;
};

// Words that may stand between a label and its number.
std::string_view strip_fillers(std::string_view text, bool& lowest) {
  constexpr std::array<std::string_view, 12> kFillers{"低至", "最低", "约", "仅需", "仅", "只要", "只需", "为", "仅售", "只卖", "是", "预估"};
  for (bool found = true; found;) {
    found = false;
    text = strip_end(text, " :()|");
    for (std::string_view filler : kFillers) {
      if (!text.ends_with(filler)) continue;
      lowest = lowest || filler == "低至" || filler == "最低";
      text.remove_suffix(filler.size());
      found = true;
      break;
    }
    if (const std::size_t word = found ? 0 : lowest_word_at_end(text)) {
      lowest = true;
      text.remove_suffix(word);
      found = true;
    }
  }
  return text;
}

// "-¥20", "+¥5", "/¥3": an amount taken off, added or per something. " - $20" behind other words is a dash between them.
bool joined_by_sign(std::string_view before) {
  const std::string_view bare = strip_end(before);
  if (bare.empty()) return false;
  const bool dash_between = bare.back() == '-' && bare.size() < before.size() && bare.size() >= 2 && bare[bare.size() - 2] == ' ';
  const bool many = bare.back() == '+' && bare.size() >= 2 && is_ascii_digit(bare[bare.size() - 2]);  // "月销1000+ ¥25"
  return (bare.back() == '-' && !dash_between) || bare.back() == '/' || (bare.back() == '+' && !many);
}

// A code of three letters at the end, spaces behind it counted in.
WordHit code_before(std::string_view text) {
  const std::string_view bare = strip_end(text);
  const WordHit hit = currency_at_end(bare);
  if (hit.bytes != 3 || !is_ascii_letter(bare.back())) return {};
  return {hit.meaning, hit.bytes + text.size() - bare.size()};
}

Before read_before(std::string_view text, const AmountContext& whole) {
  Before before{text, "", {}, whole, false, false};
  std::string_view tight = strip_end(text);
  WordHit currency = currency_at_end(tight);
  if (currency.bytes == 0 && tight.ends_with(':')) currency = currency_at_end(tight = strip_end(tight, " :"));
  before.sign = tight.substr(tight.size() - currency.bytes);
  if (shared_sign(before.sign))  // "AUD $12.99": the code says whose dollars
    if (const auto code = code_before(tight.substr(0, tight.size() - currency.bytes)); code.bytes > 0) {
      currency = {code.meaning, currency.bytes + code.bytes};
      before.sign = tight.substr(tight.size() - currency.bytes);
    }
  if (whole.chinese && currency.bytes <= 2 && currency.bytes > 0 && is_ascii_letter(before.sign[0])) currency = {}, before.sign = {};
  before.context.currency_before = currency.meaning == "CNY" && whole.japanese ? "JPY" : std::string(currency.meaning);
  before.context.shared_sign = shared_sign(before.sign);
  std::string_view rest = text;
  if (currency.bytes > 0) rest = tight.substr(0, tight.size() - currency.bytes);
  else before.refused = letter_before(text);
  before.refused = before.refused || joined_by_sign(rest);
  const bool remark = !whole.chinese && strip_end(rest, " :").ends_with(')');  // "Price (incl. VAT): €24.95"
  rest = strip_fillers(strip_end(rest), before.lowest);
  const WordHit label = price_label_at_end(rest);
  before.kind = label.meaning;
  before.rest = rest.substr(0, rest.size() - label.bytes);
  if (label.bytes == 0 && !remark) before.refused = before.refused || refused_before(strip_end(rest, " :-"));
  return before;
}

// Where the upper end of a range begins, behind "-", "~", "至", "to" …; 0 where there is none.
std::size_t range_sign(std::string_view text, std::size_t at) {
  at = skip_spaces(text, at);
  for (std::string_view sign : {"-", "~", "至", "到", "～"})
    if (text.substr(at).starts_with(sign)) return skip_spaces(text, at + sign.size());
  const std::size_t word = range_word_at_start(text.substr(std::min(at, text.size())));
  return word > 0 ? skip_spaces(text, at + word) : 0;
}

class Scanner {
 public:
  Scanner(std::string_view text, bool alone) : text_(text), alone_(alone) {
    // "¥89 券后 ¥199 原价": a text that ends with a label and does not begin with one has them behind the amounts.
    labels_behind_ = price_label_at_end(strip_end(text, " )")).bytes > 0 && price_label_at_start(text).bytes == 0;
    whole_.japanese = speaks_japanese(text);
    whole_.chinese = !whole_.japanese && has_han(text);
    whole_.numerals = alone && whole_.chinese;
  }

  std::vector<Price> scan() {
    for (std::size_t at = 0; at < text_.size();) {
      const bool digit = is_ascii_digit(text_[at]);
      const auto price = digit || (whole_.numerals && text_[at] < 0) ? read(at) : std::nullopt;
      if (price) prices_.push_back(*price);
      const std::size_t next = digit ? skip_number_run(text_, at) : at + std::max<std::size_t>(code_point_bytes(text_, at), 1);
      at = std::max(price ? price->end : next, at + 1);
    }
    return std::move(prices_);
  }

 private:
  std::optional<Price> read(std::size_t at) {
    const std::size_t from = prices_.empty() ? 0 : prices_.back().end;
    if (at < from) return std::nullopt;
    const Before before = read_before(text_.substr(from, at - from), whole_);
    if (before.refused) return std::nullopt;
    const auto low = read_amount(text_, at, before.context);
    if (!low || doubtful_sign(before, *low)) return std::nullopt;
    Price price;
    price.begin = from + before.rest.size();
    while (price.begin < at && text_[price.begin] == ' ') ++price.begin;
    price.amount_minor = low->minor;
    price.end = low->end;
    price.kind = before.kind;
    price.currency = low->currency;
    if (!read_high(*low, before, price)) return std::nullopt;
    price.marked = !price.currency.empty();
    if (!price.marked) price.currency = "CNY";
    read_behind(before.lowest, price);
    return accept(price, *low) ? std::optional<Price>(price) : std::nullopt;
  }

  // "R7", "L 2": one letter is a currency only where the number looks like money.
  static bool doubtful_sign(const Before& before, const Amount& amount) {
    return before.sign.size() == 1 && is_ascii_letter(before.sign[0]) && amount.decimals != 2 && amount.whole_digits < 2;
  }

  // False where something follows that looks like a range and is none: a date, a telephone number.
  bool read_high(const Amount& low, const Before& before, Price& price) const {
    const std::size_t sign = range_sign(text_, low.end);
    if (sign == 0 || sign >= text_.size()) return true;
    AmountContext context = before.context;
    const std::size_t at = high_begins(sign, context);
    if (at == 0) return true;
    const auto high = read_amount(text_, at, context);
    const bool yuan = price.currency.empty() || price.currency == "CNY";
    if (!high) return !yuan;
    const std::string currency = price.currency.empty() ? high->currency : price.currency;
    const std::int64_t low_minor = low_of_range(low, *high, currency);
    if (high->minor <= low_minor) return !yuan;
    if (high->end < text_.size() && skip_number_run(text_, high->end) > high->end && is_ascii_digit(text_[high->end])) return false;
    price.amount_minor = low_minor;
    price.high_minor = high->minor;
    price.currency = currency;
    price.end = high->end;
    return true;
  }

  // The first digit behind the sign of a range, its own currency sign skipped; 0 where there is none.
  std::size_t high_begins(std::size_t sign, AmountContext& context) const {
    if (is_ascii_digit(text_[sign])) return sign;
    for (std::size_t width = 1; width <= 9 && sign + width < text_.size(); ++width) {
      const WordHit hit = currency_at_end(text_.substr(sign, width));
      const std::size_t next = skip_spaces(text_, sign + width);
      if (hit.bytes != width || next >= text_.size() || !is_ascii_digit(text_[next])) continue;
      context.currency_before = hit.meaning == "CNY" && context.japanese ? "JPY" : std::string(hit.meaning);
      return next;
    }
    return 0;
  }

  // "1-2万": the unit behind the upper end is the lower one's too. A currency that is said behind the upper end alone counts the
  // lower one anew ("1,250-1,500 KWD").
  std::int64_t low_of_range(const Amount& low, const Amount& high, const std::string& currency) const {
    if (low.scaled || (!low.currency.empty() && !high.scaled)) return low.minor;
    AmountContext context = whole_;
    context.currency_before = currency;
    if (high.scaled && low.minor < 100000) {
      const auto scaled = read_amount(std::string(low.digits) + "万", 0, context);
      return scaled ? scaled->minor : low.minor;
    }
    const auto again = read_amount(low.digits, 0, context);
    return again ? again->minor : low.minor;
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
    const bool short_number = low.whole_digits <= kMaxBareDigits || low.grouped;
    const bool carriage_free = alone_ && behind.starts_with("包邮");  // and not so many packets (包)
    if (!price.marked && !carriage_free && (unit_after(behind) || skip_number_run(behind, 0) > 0)) return false;
    if (not_paid_after(behind) || instalment(behind)) return false;
    if (price.marked || price.labelled) return price.marked || short_number;
    return alone_ && stands_alone(price, low) && short_number && plausible_alone(price, low);
  }

  // The whole text, or in a text of another language the only number with two decimals ("34.50 *", "TTC 149,00").
  bool stands_alone(const Price& price, const Amount& low) const {
    constexpr std::string_view kMarks = " *.,:;!-()";
    const std::string_view around[] = {text_.substr(0, price.begin), text_.substr(price.end)};
    const bool whole = around[0].find_first_not_of(kMarks) == std::string_view::npos && around[1].find_first_not_of(kMarks) == std::string_view::npos;
    if (whole && (!whole_.chinese || around[1].empty())) return true;
    if (trim(around[1]).starts_with("包邮")) return true;
    return !whole_.chinese && low.decimals == 2 && !more_digits(around[0]) && !more_digits(around[1]) && !measure(around[1]);
  }

  static bool more_digits(std::string_view text) { return text.find_first_of("0123456789") != std::string_view::npos; }
  static bool measure(std::string_view behind) {
    behind = trim(behind);
    for (std::string_view unit : {"%", "cm", "mm", "m ", "kg", "g ", "ml", "l ", "lb", "oz", "in", "\"", "'", "out of", "von", "of ", "/", "stars", "x", "×"})
      if (behind.starts_with(unit)) return true;
    return false;
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

  // "12-25" and "2023-2024" are rather dates than prices.
  static bool plausible_alone(const Price& price, const Amount& low) {
    if (!price.high_minor || low.decimals > 0) return true;
    const std::int64_t from = price.amount_minor / 100, to = *price.high_minor / 100;
    return to > 31 && !(from >= 1900 && to <= 2100);
  }

  std::string_view text_;
  bool alone_;
  bool labels_behind_ = false;
  AmountContext whole_;
  std::vector<Price> prices_;
};

std::optional<Price> read_free(std::string_view folded) {
  constexpr std::string_view kFree = "免费";
  if (says_free(folded)) {
    Price price;
    price.end = folded.size();
    return price;
  }
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
