// The generic reader: any shop that speaks Chinese labels or schema.org. It knows no site.
#include <array>

#include "crawler/extract_parts.h"
#include "crawler/platform.h"

namespace netsampler {
namespace {

using Part = void (*)(const PageView& view, Facts& facts);

struct PartRow {
  std::string_view kind;  // empty: of pages of no known kind
  std::array<Part, 6> parts;
};

// What is read on which kind of page: the prices of a list of search results are nobody's list price.
constexpr std::array<PartRow, 9> kParts{{
    {"search", {extract_search, extract_listing}},
    {"product", {extract_product, extract_prices, extract_shop}},
    {"shop", {extract_shop, extract_licence, extract_listing}},
    {"licence", {extract_shop, extract_licence}},
    {"order", {extract_shop, extract_order, extract_order_list, extract_lines, extract_parcel}},
    {"payment", {extract_order}},
    {"chat", {extract_shop, extract_chat}},
    {"logistics", {extract_order, extract_parcel}},
    {"other", {extract_shop, extract_licence, extract_order, extract_parcel}},
}};

}  // namespace

Facts read_parts(const PageView& view) {
  Facts facts;
  facts.kind = view.kind;
  for (const PartRow& row : kParts) {
    if (row.kind != view.kind) continue;
    for (Part part : row.parts)
      if (part) part(view, facts);
  }
  return facts;
}

Facts read_generic(const Page& page, const std::string& url) {
  PageView view = read_view(page, url);
  view.kind = decide_kind(view);
  return read_parts(view);
}

}  // namespace netsampler
