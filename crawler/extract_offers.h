// What a page's structured data say of the price: offers of the product and of its variants.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "crawler/extract_view.h"
#include "crawler/price.h"

namespace netsampler {

struct Offered {
  std::string kind, raw, from;
  Price price;
};

struct Offers {
  std::vector<Offered> said;        // one price, or the ends of a range
  std::set<std::int64_t> amounts;   // of every variant, too: an amount on the page that is one of them is a price of these goods
};

Offers structured_offers(const PageView& view);

}  // namespace netsampler
