// Price texts of Chinese shops: what amount, in which currency, of which kind. Integer arithmetic only. What is not surely a
// price (quantities, dates, telephone numbers, discounts, coupons, freight, instalments) is none: never guessed.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/base/json.h"

namespace netsampler {

struct Price {
  std::string kind = "list";  // list strikethrough coupon final group single member deposit balance range_low
  std::int64_t amount_minor = 0;             // 分 of CNY; the smallest unit of `currency` (yen have none smaller)
  std::optional<std::int64_t> high_minor;    // of "59.9-89.9"; always more than amount_minor
  std::string currency = "CNY";              // ISO 4217
  bool labelled = false;                     // the kind was said beside it (券后价, 原价 …)
  bool marked = false;                       // a currency was said beside it
  std::size_t begin = 0, end = 0;            // bytes of the folded text that it was read from, label included
};

// Every price in a folded text (dom_text.h), left to right. A number counts when a currency or a price label stands beside it,
// or, with `alone`, when it is the whole text.
std::vector<Price> scan_prices(std::string_view folded, bool alone);
// The first price of a text that is said to be one; none: not a price.
std::optional<Price> read_price(std::string_view text);
// The kind that a label names ("券后价" → coupon); empty where it is no price label.
std::string price_kind_of_label(std::string_view folded_label);
// One line of `netsampler-crawl price`: {"raw","amount_minor","amount_minor_high"?,"currency","kind"}; the last two null, too,
// where there is no price. Bytes that are not UTF-8 are replaced in raw, and the amount is null.
Json price_json(std::string_view line);

}  // namespace netsampler
