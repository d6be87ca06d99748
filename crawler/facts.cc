#include "crawler/facts.h"

#include <array>
#include <string_view>

#include "evidence/identifiers/identifiers.h"

namespace netsampler {
namespace {

struct ItemRow {
  std::string_view fact_prefix, page_kind;  // empty kind: on every page
  std::string_view item;
};

// The first row that fits decides. A shop's name on a product page answers 39-5: only the shop's own home page answers 39-3.
constexpr std::array<ItemRow, 15> kItems{{
    {"parcel.", "", "40-1"},
    {"licence.", "", "39-4"},
    {"order.", "", "39-6"},
    {"payment.", "", "39-6"},
    {"consignee.", "", "39-6"},
    {"chat.", "", "39-7"},
    {"search.", "", "39-2"},
    {"", "search", "39-2"},
    {"", "shop", "39-3"},
    {"", "licence", "39-4"},
    {"", "product", "39-5"},
    {"", "order", "39-6"},
    {"", "payment", "39-6"},
    {"", "chat", "39-7"},
    {"", "logistics", "40-1"},
}};

struct Place {
  const char* fact;
  const char* group;  // object in the output
  const char* member;
};

constexpr std::array<Place, 33> kPlaces{{
    {"product.title", "product", "title"},
    {"product.number", "product", "product_number"},
    {"product.sku", "product", "sku"},
    {"product.specification", "product", "specification"},
    {"shop.name", "shop", "name"},
    {"shop.id", "shop", "id"},
    {"shop.url", "shop", "url"},
    {"licence.uscc", "licence", "uscc"},
    {"licence.name", "licence", "name"},
    {"licence.type", "licence", "type"},
    {"licence.legal_representative", "licence", "legal_representative"},
    {"licence.address", "licence", "address"},
    {"licence.registered_capital", "licence", "registered_capital"},
    {"licence.established", "licence", "established"},
    {"licence.term", "licence", "term"},
    {"licence.scope", "licence", "scope"},
    {"licence.authority", "licence", "authority"},
    {"licence.exemption", "licence", "exemption"},
    {"order.no", "order", "order_no"},
    {"order.placed_at", "order", "placed_at"},
    {"order.payable", "order", "payable_minor"},
    {"order.paid", "order", "paid_minor"},
    {"payment.serial", "payment", "serial"},
    {"payment.method", "payment", "method"},
    {"payment.paid_at", "payment", "paid_at"},
    {"payment.payee", "payment", "payee"},
    {"consignee.name", "consignee", "name"},
    {"consignee.phone", "consignee", "phone"},
    {"consignee.address", "consignee", "address"},
    {"parcel.waybill", "parcel", "waybill"},
    {"parcel.carrier", "parcel", "carrier"},
    {"search.text", "search", "text"},
    {"chat.text", "chat", "text"},
}};

Json fact_json(const Fact& fact) {
  Json out{{"name", fact.name}, {"value", fact.value}, {"raw", fact.raw}, {"from", fact.from}, {"confidence", fact.confidence}};
  if (fact.rect) out["rect"] = {fact.rect->x, fact.rect->y, fact.rect->w, fact.rect->h};
  if (!fact.item.empty()) out["item"] = fact.item;
  if (!fact.currency.empty()) out["currency"] = fact.currency;
  return out;
}

Json line_json(const OrderLine& line) {
  Json out = Json::object();
  if (!line.title.empty()) out["title"] = line.title;
  if (!line.sku.empty()) out["sku"] = line.sku;
  if (line.quantity) out["quantity"] = *line.quantity;
  if (line.unit_minor) out["unit_minor"] = *line.unit_minor;
  return out;
}

Json order_json(const ListedOrder& order) {
  Json out{{"order_no", order.order_no}};
  if (!order.placed_at.empty()) out["placed_at"] = order.placed_at;
  if (order.payable_minor) out["payable_minor"] = *order.payable_minor;
  if (order.paid_minor) out["paid_minor"] = *order.paid_minor;
  return out;
}

Json product_json(const ListedProduct& product) {
  Json out{{"price_minor", product.price_minor}, {"currency", product.currency}};
  if (!product.title.empty()) out["title"] = product.title;
  if (!product.url.empty()) out["url"] = product.url;
  return out;
}

Json prices_json(const Facts& facts) {
  constexpr std::string_view kPrefix = "price.";
  Json prices = Json::array();
  for (const Fact& fact : facts.facts)
    if (fact.name.starts_with(kPrefix))
      prices.push_back({{"kind", fact.name.substr(kPrefix.size())}, {"amount_minor", fact.value}, {"currency", fact.currency}, {"raw", fact.raw}});
  return prices;
}

void judge_licence(const Facts& facts, Json& out) {
  if (!out.contains("licence")) return;
  int confidence = 100;
  for (const Fact& fact : facts.facts)
    if (fact.name.starts_with("licence.")) confidence = std::min(confidence, fact.confidence);
  out["licence"]["confidence"] = confidence;
  if (const Fact* uscc = find_fact(facts, "licence.uscc"))
    out["licence"]["valid"] = check_identifier("uscc", uscc->value.get<std::string>()).ok();
}

}  // namespace

const Fact* find_fact(const Facts& facts, const std::string& name) {
  for (const Fact& fact : facts.facts)
    if (fact.name == name) return &fact;
  return nullptr;
}

std::string item_of(const std::string& page_kind, const std::string& fact_name) {
  for (const ItemRow& row : kItems)
    if (fact_name.starts_with(row.fact_prefix) && (row.page_kind.empty() || row.page_kind == page_kind)) return std::string(row.item);
  return "";
}

Json facts_json(const Facts& facts) {
  Json out{{"kind", facts.kind}, {"platform", facts.platform}, {"facts", Json::array()}};
  for (const Place& place : kPlaces)
    if (const Fact* fact = find_fact(facts, place.fact)) out[place.group][place.member] = fact->value;
  if (Json prices = prices_json(facts); !prices.empty()) out["prices"] = std::move(prices);
  for (const OrderLine& line : facts.lines) out["order"]["lines"].push_back(line_json(line));
  for (const ListedOrder& order : facts.orders) out["orders"].push_back(order_json(order));
  for (const ListedProduct& product : facts.products) out["products"].push_back(product_json(product));
  if (!facts.missing.empty()) out["missing"] = facts.missing;
  if (!facts.warnings.empty()) out["warnings"] = facts.warnings;
  for (const Fact& fact : facts.facts) out["facts"].push_back(fact_json(fact));
  for (const Conflict& each : facts.conflicts)
    out["conflicts"].push_back(
        {{"name", each.name}, {"visible", each.visible}, {"structured", each.structured}, {"from", each.from}});
  judge_licence(facts, out);
  return out;
}

}  // namespace netsampler
