// One product's price along the way of a purchase: on the list, on its own page, in the order.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "crawler/facts.h"

namespace netsampler {

// Told the pages of one recording in order. Bounded: of the first 5000 goods each.
class PriceTrail {
 public:
  // Codes of findings: "list-price-below-detail" (the list named less than any price on the product's own page),
  // "order-price-above-detail" (an order's line costs more than the dearest price on the page of the same title). Only amounts of one
  // currency are compared, and only goods that are surely the same: by number, or by the whole title.
  std::vector<std::string> observe(const Facts& facts, const std::string& url);

 private:
  struct Span {
    std::int64_t lowest = 0, highest = 0;
    std::string currency;
  };
  static void widen(std::map<std::string, Span>& spans, const std::string& key, std::int64_t amount, const std::string& currency);

  std::map<std::string, Span> listed_;  // by number
  std::map<std::string, Span> detail_;  // by folded title
};

// What names the product in an address: its host and number ("item.jd.com:100012043978"), the number alone where it is long enough to be
// nobody else's; empty where the address has none.
std::string product_key(const std::string& url);

}  // namespace netsampler
