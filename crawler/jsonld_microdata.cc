#include "crawler/jsonld_microdata.h"

#include <map>

#include "crawler/dom_text.h"

namespace netsampler {
namespace {

constexpr std::size_t kMaxScopes = 2000;
constexpr int kMaxScopeDepth = 16;
constexpr std::size_t kMaxValues = 20'000;      // of a page, each copy counted
constexpr std::size_t kMaxValueBytes = 8'192;   // longer text is no property that a price or a name could be compared with

std::string property_value(const Page& page, int index) {
  const PageNode& node = page.nodes[static_cast<std::size_t>(index)];
  if (const std::string* content = attribute(node, "content")) return *content;
  if (node.tag == "a" || node.tag == "link") return attribute_or(node, "href", "");
  if (node.tag == "img") return attribute_or(node, "src", "");
  if (node.tag == "time") return attribute_or(node, "datetime", text_below(page, index));
  if (node.tag == "data") return attribute_or(node, "value", "");
  return text_below(page, index);
}

int scope_above(const Page& page, int node) {
  for (node = page.nodes[static_cast<std::size_t>(node)].parent; node >= 0; node = page.nodes[static_cast<std::size_t>(node)].parent)
    if (attribute(page.nodes[static_cast<std::size_t>(node)], "itemscope")) return node;
  return -1;
}

int depth_of(const std::map<int, Json>& scopes, const Page& page, int scope) {
  int depth = 0;
  for (; scope >= 0 && scopes.contains(scope) && depth <= kMaxScopeDepth; ++depth) scope = scope_above(page, scope);
  return depth;
}

// A property that is there twice becomes an array.
void put(Json& object, const std::string& key, Json value) {
  if (!object.contains(key)) object[key] = std::move(value);
  else if (object[key].is_array()) object[key].push_back(std::move(value));
  else object[key] = Json::array({object[key], std::move(value)});
}

// Values as scopes hold them: one that stands under several names is there several times, and nested scopes multiply (two names
// on each of 16 levels make 65,536 copies), so what a hostile page may cost is counted before it is copied.
struct Values {
  std::map<int, Json> scopes;
  std::map<int, std::size_t> held;  // by a scope, itself included
  std::size_t left = kMaxValues;

  void put_each(int scope, const std::string& names, const Json& value, std::size_t weight) {
    Json& object = scopes[scope];
    for (std::size_t at = 0; at < names.size() && left >= weight;) {
      const std::size_t end = std::min(names.find(' ', at), names.size());
      if (end > at) {
        put(object, names.substr(at, end - at), value);
        left -= weight;
        held[scope] += weight;
      }
      at = end + 1;
    }
  }
};

Values open_scopes(const Page& page) {
  Values values;
  for (std::size_t i = 0; i < page.nodes.size() && values.scopes.size() < kMaxScopes; ++i) {
    if (!attribute(page.nodes[i], "itemscope")) continue;
    const int scope = static_cast<int>(i);
    values.scopes[scope] = Json{{"@type", replace_invalid_utf8(attribute_or(page.nodes[i], "itemtype", ""))}};
    values.held[scope] = 1;
  }
  return values;
}

void read_plain_properties(const Page& page, Values& values) {
  for (std::size_t i = 0; i < page.nodes.size(); ++i) {
    const std::string* names = attribute(page.nodes[i], "itemprop");
    if (!names || attribute(page.nodes[i], "itemscope")) continue;
    const int scope = scope_above(page, static_cast<int>(i));
    if (values.left == 0 || !values.scopes.contains(scope)) continue;
    const std::string text = fold(property_value(page, static_cast<int>(i)));
    if (text.size() <= kMaxValueBytes) values.put_each(scope, *names, text, 1);
  }
}

}  // namespace

void read_microdata(const Page& page, std::vector<StructuredItem>& items) {
  Values values = open_scopes(page);
  read_plain_properties(page, values);
  std::map<int, Json>& scopes = values.scopes;
  std::vector<StructuredItem> outer;
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {  // inner ones first: they stand behind
    const std::string* names = attribute(page.nodes[static_cast<std::size_t>(scope->first)], "itemprop");
    const auto above = scopes.find(scope_above(page, scope->first));
    if (names && above != scopes.end()) {
      if (depth_of(scopes, page, scope->first) <= kMaxScopeDepth)
        values.put_each(above->first, *names, scope->second, values.held[scope->first]);
    } else {
      outer.push_back({scope->second, "microdata"});
    }
  }
  items.insert(items.end(), outer.rbegin(), outer.rend());
}

void read_open_graph(const Page& page, std::vector<StructuredItem>& items) {
  std::map<std::string, std::string> metas;
  for (const PageNode& node : page.nodes) {
    if (node.tag != "meta") continue;
    const std::string name = lower_ascii(attribute_or(node, "property", attribute_or(node, "name", "")));
    const std::string content = fold(attribute_or(node, "content", ""));
    if (!content.empty()) metas.emplace(name, content);
  }
  if (!metas["og:type"].starts_with("product")) return;
  Json product{{"@type", "Product"}};
  if (!metas["og:title"].empty()) product["name"] = metas["og:title"];
  for (const char* prefix : {"product", "og"}) {
    const std::string amount = metas[std::string(prefix) + ":price:amount"];
    if (amount.empty()) continue;
    product["offers"] = {{"@type", "Offer"}, {"price", amount}};
    const std::string currency = metas[std::string(prefix) + ":price:currency"];
    if (!currency.empty()) product["offers"]["priceCurrency"] = currency;
    break;
  }
  items.push_back({std::move(product), "opengraph"});
}

}  // namespace netsampler
