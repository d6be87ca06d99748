#include "crawler/platform_url.h"

#include <algorithm>

#include "crawler/dom_text.h"
#include "crawler/extract_parts.h"
#include "crawler/platform.h"
#include "crawler/price.h"

namespace netsampler {
namespace {

constexpr std::size_t kMaxIdBytes = 64, kMaxWordsBytes = 200, kMaxUrlBytes = 8192;

using Found = std::vector<std::pair<std::string, std::string>>;

bool id_char(char c) { return is_ascii_alnum(c) || c == '-' || c == '_'; }

// Both from their beginning; '*' and '{…}' take the shortest run that lets the rest fit.
bool fits(std::string_view pattern, std::string_view text, Found& found) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    for (std::size_t length = 0; length <= text.size(); ++length)
      if (fits(pattern.substr(1), text.substr(length), found)) return true;
    return false;
  }
  if (pattern[0] != '{') return !text.empty() && text[0] == pattern[0] && fits(pattern.substr(1), text.substr(1), found);
  const std::size_t close = pattern.find('}');
  const std::string_view rest = pattern.substr(close + 1);
  for (std::size_t length = 1; length <= std::min(text.size(), kMaxIdBytes) && id_char(text[length - 1]); ++length) {
    if (!fits(rest, text.substr(length), found)) continue;
    found.emplace_back(pattern.substr(1, close - 1), text.substr(0, length));
    return true;
  }
  return false;
}

int hex_digit(char c) {
  if (is_ascii_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    if (escape) plain += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])), i += 2;
    else plain += text[i] == '+' ? ' ' : text[i];
  }
  return plain;
}

std::string query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    std::string_view member = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (member.starts_with("amp;")) member.remove_prefix(4);  // escaped once too often
    if (member.size() > name.size() && member.starts_with(name) && member[name.size()] == '=') return unescape(member.substr(name.size() + 1));
  }
  return "";
}

// Words may be anything that is UTF-8 (GBK escapes are not, and are left out); ids are ids or nothing.
bool good_value(std::string_view fact, const std::string& value) {
  if (value.empty()) return false;
  if (fact == "search.text") return value.size() <= kMaxWordsBytes && replace_invalid_utf8(value) == value;
  return value.size() <= kMaxIdBytes && std::all_of(value.begin(), value.end(), id_char);
}

bool read_query(std::string_view form, std::string_view query, Found& found) {
  bool needed = form.starts_with('!');
  if (needed) form.remove_prefix(1);
  while (!form.empty()) {
    const std::size_t end = std::min(form.find('&'), form.size()), equals = form.find('=');
    const std::string_view fact = form.substr(equals + 1, end - equals - 1);
    std::string value = query_value(query, form.substr(0, equals));
    const bool good = good_value(fact, value);
    if (needed && !good) return false;
    if (good) found.emplace_back(fact, std::move(value));
    needed = false;
    form.remove_prefix(std::min(end + 1, form.size()));
  }
  return true;
}

struct UrlParts {
  std::string host;
  std::string_view path, query;
};

UrlParts split(std::string_view url) {
  UrlParts parts;
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos || url.size() > kMaxUrlBytes) return parts;
  url = url.substr(0, std::min(url.find('#'), url.size())).substr(scheme + 3);
  const std::size_t path = std::min(url.find_first_of("/?"), url.size()), query = std::min(url.find('?'), url.size());
  parts.host = lower_ascii(url.substr(0, path));
  parts.host.resize(std::min(parts.host.find(':'), parts.host.size()));
  parts.path = url.substr(path, query - path);
  parts.query = query < url.size() ? url.substr(query + 1) : std::string_view{};
  return parts;
}

void add_fact(const std::string& name, const std::string& value, Facts& facts) {
  for (Fact& fact : facts.facts) {
    if (fact.name != name) continue;
    const std::string own = fact.value.is_string() ? fact.value.get<std::string>() : fact.value.dump();
    if (own == value) fact.confidence = std::max(fact.confidence, 95);
    else facts.conflicts.push_back({name, own, value, "url"});
    return;
  }
  Fact fact;
  fact.name = name;
  fact.value = value;
  fact.raw = value;
  fact.from = "url";
  fact.confidence = 85;
  fact.item = item_of(facts.kind, name);
  facts.facts.push_back(std::move(fact));
}

bool has_any(const Facts& facts, std::string_view prefix) {
  return std::any_of(facts.facts.begin(), facts.facts.end(), [&](const Fact& fact) { return fact.name.starts_with(prefix); });
}

void tell_missing(Facts& facts) {
  struct Need {
    std::string_view kind, prefix, name;
  };
  constexpr Need kNeeds[] = {{"product", "product.title", "product.title"}, {"product", "price.", "price"}, {"product", "product.number", "product.number"}, {"product", "shop.name", "shop.name"},
                             {"shop", "shop.name", "shop.name"}, {"licence", "licence.uscc", "licence.uscc"}, {"order", "order.no", "order.no"}, {"order", "order.pa", "order.payable"},
                             {"logistics", "parcel.waybill", "parcel.waybill"}, {"search", "search.text", "search.text"}};
  for (const Need& need : kNeeds)
    if (need.kind == facts.kind && facts.orders.empty() && !has_any(facts, need.prefix)) facts.missing.emplace_back(need.name);
}

// Something of the page beside its address: a captcha or an error page under a product's address is not that product's page.
bool says_something(const PageView& view) {
  return !view.labels.empty() || view.cards > 0 || std::any_of(view.blocks.begin(), view.blocks.end(), [](const TextBlock& block) { return !scan_prices(block.text.text, false).empty(); });
}

std::string kind_by_both(const PageView& view, const std::string& by_page, const std::string& by_url) {
  if (by_url.empty() || by_page == by_url) return by_page;
  if (by_page == "other") return says_something(view) ? by_url : by_page;
  // What opens over a page, or follows it without a new address.
  for (const char* kind : {"payment", "licence", "chat", "logistics"})
    if (by_page == kind) return by_page;
  return by_url;
}

}  // namespace

UrlMeaning meaning_of(std::string_view url, std::span<const UrlForm> forms) {
  const UrlParts parts = split(url);
  for (const UrlForm& form : forms) {
    Found found;
    if (!parts.host.empty() && fits(form.host, parts.host, found) && fits(form.path, parts.path, found) && read_query(form.query, parts.query, found))
      return {std::string(form.kind), std::move(found)};
  }
  return {};
}

Facts read_with_forms(const Page& page, const std::string& url, std::span<const UrlForm> forms) {
  PageView view = read_view(page, url);
  const UrlMeaning meaning = meaning_of(view.url, forms);
  view.kind = kind_by_both(view, decide_kind(view), meaning.kind);
  Facts facts = read_parts(view);
  if (view.kind == meaning.kind)
    for (const auto& [name, value] : meaning.facts) add_fact(name, value, facts);
  tell_missing(facts);
  return facts;
}

}  // namespace netsampler
