// What an extractor found on one page. Absent means: not on the page; nothing here is ever empty or guessed.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "crawler/dom.h"

namespace netsampler {

struct Fact {
  std::string name;           // as docs/design.md lists them: "product.title", "price.list", "order.no" …
  Json value;                 // money: integer 分 (minor units of `currency`); everything else a string
  std::string raw;            // the characters on the page that the value was read from
  std::optional<Rect> rect;   // where they stand, in the snapshot's document coordinates
  std::string from;           // text, jsonld, microdata, opengraph
  int confidence = 0;         // 0 … 100: how surely this is that fact; 90 and more: labelled text, or two sources that agree
  std::string item;           // "39-5"; empty where the page answers no item by it
  std::string currency;       // ISO 4217, of money only
};

struct OrderLine {
  std::string title, sku;
  std::optional<std::int64_t> quantity, unit_minor;
};

struct ListedOrder {  // of a list of several
  std::string order_no, placed_at;
  std::optional<std::int64_t> payable_minor, paid_minor;
};

struct ListedProduct {  // of a search's results or a shop's goods
  std::string title, url;       // url: absolute, or empty
  std::int64_t price_minor = 0; // the lowest said in its box and not struck through
  std::string currency;
};

// Two sources of one page say different things: the visible one became the fact.
struct Conflict {
  std::string name;                 // of the fact
  std::string visible, structured;  // both values, as text
  std::string from;                 // source of the structured one
};

struct Facts {
  std::string kind = "other";  // search product shop licence order payment chat logistics other
  std::string platform;        // name of the row of the platform table that read it
  std::vector<Fact> facts;     // in a fixed order: the same page gives the same facts
  std::vector<OrderLine> lines;
  std::vector<ListedOrder> orders;   // never one alone: that is the page's own order
  std::vector<ListedProduct> products;  // at most 300
  std::vector<std::string> missing;  // names of facts that a page of this kind and platform should have and this one has not
  std::vector<std::string> warnings; // codes of what is odd about the page (look-alike-shop-name)
  std::vector<Conflict> conflicts;
};

const Fact* find_fact(const Facts& facts, const std::string& name);  // the first of that name, or null
// The article's number that a fact of a page of this kind answers ("39-5"), or the page itself (no fact's name); or empty.
std::string item_of(const std::string& page_kind, const std::string& fact_name);
// The shape that the command line promises for `extract`, with `facts` and `conflicts` added in full.
Json facts_json(const Facts& facts);

}  // namespace netsampler
