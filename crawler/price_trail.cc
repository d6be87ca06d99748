#include "crawler/price_trail.h"

#include <algorithm>

#include "crawler/dom_text.h"

namespace netsampler {
namespace {

constexpr std::size_t kMaxGoods = 5000, kLongNumber = 9;

std::string digits_at(const std::string& text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_ascii_digit(text[end])) ++end;
  return text.substr(at, end - at);
}

std::string number_in_query(const std::string& query) {
  for (const char* name : {"id", "goods_id", "goodsId", "goodsid", "productId", "product_id", "skuId", "wareId", "offerId", "itemId"})
    for (const char* before : {"?", "&"}) {
      const std::string member = std::string(before) + name + "=";
      const std::size_t at = query.find(member);
      if (at != std::string::npos)
        if (std::string number = digits_at(query, at + member.size()); !number.empty()) return number;
    }
  return "";
}

std::string number_in_path(const std::string& path) {
  std::string last;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (!is_ascii_digit(path[i]) || (i > 0 && is_ascii_alnum(path[i - 1]))) continue;
    last = digits_at(path, i);
    i += last.size();
  }
  return last;
}

bool is_current(const std::string& name) {
  for (const char* kind : {"list", "coupon", "final", "group", "single", "member", "range_low"})
    if (name == std::string("price.") + kind) return true;
  return false;
}

}  // namespace

std::string product_key(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return "";
  const std::string rest = url.substr(scheme + 3, std::min(url.find('#'), url.size()) - scheme - 3);
  const std::size_t path = std::min(rest.find_first_of("/?"), rest.size()), query = std::min(rest.find('?'), rest.size());
  std::string number = number_in_query(rest.substr(query));
  if (number.empty()) number = number_in_path(rest.substr(path, query - path));
  if (number.empty()) return "";
  return number.size() >= kLongNumber ? number : rest.substr(0, path) + ":" + number;
}

void PriceTrail::widen(std::map<std::string, Span>& spans, const std::string& key, std::int64_t amount, const std::string& currency) {
  if (key.empty() || (spans.size() >= kMaxGoods && !spans.contains(key))) return;
  const auto [at, fresh] = spans.emplace(key, Span{amount, amount, currency});
  if (fresh || at->second.currency != currency) return;
  at->second.lowest = std::min(at->second.lowest, amount);
  at->second.highest = std::max(at->second.highest, amount);
}

std::vector<std::string> PriceTrail::observe(const Facts& facts, const std::string& url) {
  std::vector<std::string> codes;
  for (const ListedProduct& product : facts.products) widen(listed_, product_key(product.url), product.price_minor, product.currency);
  if (facts.kind == "product") {
    std::map<std::string, Span> own;
    const Fact* title = find_fact(facts, "product.title");
    for (const Fact& fact : facts.facts) {
      if (!is_current(fact.name) || !fact.value.is_number_integer()) continue;
      widen(own, "page", fact.value.get<std::int64_t>(), fact.currency);
      if (title) widen(detail_, fold(title->value.get<std::string>()), fact.value.get<std::int64_t>(), fact.currency);
    }
    const auto listed = listed_.find(product_key(url));
    if (listed != listed_.end() && !own.empty() && own["page"].currency == listed->second.currency && listed->second.lowest < own["page"].lowest)
      codes.emplace_back("list-price-below-detail");
  }
  for (const OrderLine& line : facts.lines) {
    const auto detail = detail_.find(fold(line.title));
    if (detail != detail_.end() && line.unit_minor && detail->second.currency == "CNY" && *line.unit_minor > detail->second.highest) codes.emplace_back("order-price-above-detail");
  }
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

}  // namespace netsampler
