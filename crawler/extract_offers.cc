#include "crawler/extract_offers.h"

#include <algorithm>

#include "crawler/price_currency.h"
#include "crawler/price_number.h"

namespace netsampler {
namespace {

constexpr std::size_t kMaxOffers = 500;

// Machines write a point before the decimals and nothing between thousands: "129.000" are 129. Other forms are read as on a page.
std::optional<Price> read_machine_price(const std::string& raw, const std::string& currency) {
  const bool plain = !raw.empty() && raw.find_first_not_of("0123456789.") == std::string::npos && std::count(raw.begin(), raw.end(), '.') <= 1;
  const auto number = plain && raw.size() < 16 ? read_number(raw, 0, NumberStyle::three_decimals) : std::nullopt;
  if (!number || number->end != raw.size()) return read_price(currency.empty() ? raw : currency + " " + raw);
  const auto minor = to_minor(*number, 0, minor_digits_of(currency.empty() ? "CNY" : currency));
  if (!minor) return std::nullopt;
  Price price;
  price.amount_minor = *minor;
  if (currency.size() == 3) price.currency = currency;
  return price;
}

std::string currency_of(const Json& offer) {
  std::string currency = structured_text(offer, "priceCurrency");
  for (char& c : currency) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return currency;
}

std::optional<Offered> read_member(const Json& offer, const char* member, const std::string& kind, const std::string& from) {
  const std::string raw = structured_text(offer, member);
  if (raw.empty()) return std::nullopt;
  const auto price = read_machine_price(raw, currency_of(offer));
  if (!price || price->high_minor || price->amount_minor == 0) return std::nullopt;
  return Offered{kind, raw, from, *price};
}

// The price of one offer, also where it stands in a price specification.
std::optional<Offered> read_offer(const Json& offer, const std::string& from) {
  if (auto own = read_member(offer, "price", "list", from)) return own;
  for (const Json* each : structured_list(offer, "priceSpecification"))
    if (auto specified = read_member(*each, "price", "list", from)) return specified;
  return std::nullopt;
}

void read_product(const Json& product, const std::string& from, std::vector<Offered>& each_offer, std::vector<Offered>& ends) {
  for (const Json* offer : structured_list(product, "offers")) {
    if (auto low = read_member(*offer, "lowPrice", "range_low", from)) ends.push_back(*low);
    if (auto high = read_member(*offer, "highPrice", "range_high", from)) ends.push_back(*high);
    if (auto one = read_offer(*offer, from)) each_offer.push_back(*one);
    for (const Json* nested : structured_list(*offer, "offers"))
      if (auto one = read_offer(*nested, from); one && each_offer.size() < kMaxOffers) each_offer.push_back(*one);
    if (each_offer.size() >= kMaxOffers) return;
  }
}

bool same_amount(const std::vector<Offered>& offers) {
  return !offers.empty() && std::all_of(offers.begin(), offers.end(), [&](const Offered& each) {
    return each.price.amount_minor == offers.front().price.amount_minor;
  });
}

// Ends that are one: no range. Several amounts and no ends: which of them is bought is not said.
std::vector<Offered> what_is_said(const std::vector<Offered>& each_offer, std::vector<Offered> ends) {
  if (ends.size() == 2 && same_amount(ends)) {
    ends.front().kind = "list";
    return {ends.front()};
  }
  if (!ends.empty() && (ends.size() == 2 || each_offer.empty())) return ends;
  return same_amount(each_offer) ? std::vector<Offered>{each_offer.front()} : std::vector<Offered>{};
}

}  // namespace

Offers structured_offers(const PageView& view) {
  Offers offers;
  std::vector<Offered> each_offer, ends;
  const auto products = objects_of(view.items, "Product");
  const auto groups = objects_of(view.items, "ProductGroup");
  if (!products.empty()) read_product(*products.front().object, products.front().from, each_offer, ends);
  for (const StructuredObject& group : groups) {
    read_product(*group.object, group.from, each_offer, ends);
    for (const Json* variant : structured_list(*group.object, "hasVariant")) read_product(*variant, group.from, each_offer, ends);
  }
  for (const auto* list : {&each_offer, &ends})
    for (const Offered& each : *list) offers.amounts.insert(each.price.amount_minor);
  offers.said = what_is_said(each_offer, std::move(ends));
  return offers;
}

}  // namespace netsampler
