// The parts of the generic extractor: each adds the facts of its matter.
#pragma once
#include "crawler/extract_view.h"

namespace netsampler {

Facts read_parts(const PageView& view);  // all parts that a page of view.kind has, by the table in platform_generic.cc
void extract_product(const PageView& view, Facts& facts);   // title, number, SKU, chosen specification
void extract_prices(const PageView& view, Facts& facts);    // one fact a kind
void extract_shop(const PageView& view, Facts& facts);
void extract_licence(const PageView& view, Facts& facts);   // fields, or the statement that none is needed
void extract_order(const PageView& view, Facts& facts);     // order, payment, consignee
void extract_order_list(const PageView& view, Facts& facts);  // where the page lists several
void extract_lines(const PageView& view, Facts& facts);     // goods of an order
void extract_parcel(const PageView& view, Facts& facts);
void extract_listing(const PageView& view, Facts& facts);  // the goods of a list
void extract_search(const PageView& view, Facts& facts);
void extract_chat(const PageView& view, Facts& facts);

}  // namespace netsampler
