// What the address of a page says for certain on a platform whose forms of addresses are publicly known: its kind and its numbers.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crawler/facts.h"

namespace netsampler {

// One form of addresses. In `host` and `path` "{shop.id}" stands for a number or name that becomes that fact, "*" for anything; `query` lists
// members as "id=product.number&skuId=product.sku", the first of which must be there where the list begins with '!'.
struct UrlForm {
  std::string_view kind, host, path, query;
};

struct UrlMeaning {
  std::string kind;                                       // empty: no form fits
  std::vector<std::pair<std::string, std::string>> facts; // name and value; ids are text of any length up to 64, never numbers
};

UrlMeaning meaning_of(std::string_view url, std::span<const UrlForm> forms);
// The generic reader with what the address says: kind where the page does not contradict it, ids with source "url"; what a page of
// that kind should have and this one has not is listed as missing.
Facts read_with_forms(const Page& page, const std::string& url, std::span<const UrlForm> forms);

}  // namespace netsampler
