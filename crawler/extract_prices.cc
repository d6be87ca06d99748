#include <algorithm>
#include <map>

#include "crawler/extract_parts.h"
#include "crawler/price.h"
#include "crawler/price_words.h"

namespace netsampler {
namespace {

struct Seen {
  Price price;
  std::size_t block = 0;
  int confidence = 0;
};

// Blocks whose amount is named by a label in another block: block → kind.
std::map<std::size_t, std::string> labelled_elsewhere(const PageView& view) {
  std::map<std::size_t, std::string> kinds;
  for (const Labelled& label : view.labels)
    if (label.fact.starts_with("price.") && label.block != label.label_block) kinds.emplace(label.block, label.fact.substr(6));
  return kinds;
}

// "运费" in one box, "¥10" in the next: not the price of the goods.
bool named_otherwise(const PageView& view, std::size_t block) {
  if (block == 0) return false;
  std::string_view before = trim(text_of(view, block - 1));
  while (!before.empty() && (before.back() == ':' || before.back() == ' ')) before.remove_suffix(1);
  return refused_before(before);
}

// "价格99元值了吗": an amount in a sentence is talk about a price, not a price.
bool in_prose(std::string_view text, std::size_t end) {
  std::size_t glued = 0;
  while (end < text.size() && static_cast<unsigned char>(text[end]) >= 0xE4 && static_cast<unsigned char>(text[end]) <= 0xE9) {
    end += code_point_bytes(text, end);
    ++glued;
  }
  return glued >= 3 && price_label_at_start(text.substr(end - 3 * glued)).bytes == 0;
}

void read_block(const PageView& view, std::size_t index, const std::string& named, std::vector<Seen>& seen) {
  const TextBlock& block = view.blocks[index];
  bool first = true;
  for (Price price : scan_prices(block.text.text, !named.empty())) {
    if (in_prose(block.text.text, price.end)) continue;
    Seen each{price, index, price.labelled ? 92 : 60};
    if (first && !price.labelled && !named.empty()) {
      each.price.kind = price.high_minor && named == "list" ? "range_low" : named;
      each.price.labelled = true;
      each.confidence = 90;
    }
    if (!each.price.labelled && (!price.marked || named_otherwise(view, index))) continue;
    if (block.struck && !each.price.labelled) each.price.kind = "strikethrough";
    if (block.struck && !each.price.labelled) each.confidence = 80;
    seen.push_back(each);
    first = false;
  }
}

// For each kind the labelled amount; of unlabelled ones the largest in print, the first where sizes are not known.
bool better(const PageView& view, const Seen& a, const Seen& b) {
  if (a.price.labelled != b.price.labelled) return a.price.labelled;
  if (a.price.labelled) return false;
  return view.blocks[a.block].font_size_px > view.blocks[b.block].font_size_px;
}

std::map<std::string, Seen> best_of_each_kind(const PageView& view) {
  const auto elsewhere = labelled_elsewhere(view);
  std::vector<Seen> seen;
  for (std::size_t i = 0; i < view.blocks.size(); ++i) {
    if (view.aside[i]) continue;
    const auto named = elsewhere.find(i);
    if (view.blocks[i].control >= 0 && named == elsewhere.end() && !price_label_at_start(text_of(view, i)).bytes &&
        !price_label_at_end(text_of(view, i)).bytes)
      continue;  // an option's own price is not the price chosen
    read_block(view, i, named == elsewhere.end() ? "" : named->second, seen);
  }
  std::map<std::string, Seen> best;
  for (const Seen& each : seen) {
    const auto [at, fresh] = best.emplace(each.price.kind, each);
    if (!fresh && better(view, each, at->second)) at->second = each;
  }
  return best;
}

Fact price_fact(const PageView& view, const std::string& kind, const Seen& seen, std::int64_t amount) {
  Fact fact = visible_fact(view, "price." + kind, "", seen.block, seen.price.begin, seen.price.end, seen.confidence);
  fact.value = amount;
  fact.currency = seen.price.currency;
  return fact;
}

std::vector<Fact> visible_prices(const PageView& view) {
  std::vector<Fact> facts;
  const auto best = best_of_each_kind(view);
  for (const char* kind : {"list", "strikethrough", "coupon", "final", "group", "single", "member", "deposit", "balance", "range_low"}) {
    const auto found = best.find(kind);
    if (found == best.end()) continue;
    const Seen& seen = found->second;
    facts.push_back(price_fact(view, seen.price.high_minor ? "range_low" : kind, seen, seen.price.amount_minor));
    if (seen.price.high_minor) facts.push_back(price_fact(view, "range_high", seen, *seen.price.high_minor));
  }
  return facts;
}

struct Offered {
  std::string kind, raw, from;
  Price price;
};

void read_offer(const Json& offer, const char* member, const std::string& kind, const std::string& from, std::vector<Offered>& offered) {
  const std::string raw = structured_text(offer, member);
  const std::string currency = structured_text(offer, "priceCurrency");
  auto price = read_price(currency.empty() ? raw : currency + " " + raw);
  if (!raw.empty() && price && !price->high_minor) offered.push_back({kind, raw, from, *price});
}

std::vector<Offered> structured_prices(const PageView& view) {
  std::vector<Offered> offered;
  const auto products = objects_of(view.items, "Product");
  if (products.empty()) return offered;
  const auto offers = structured_list(*products.front().object, "offers");
  for (const Json* offer : offers) {
    read_offer(*offer, "lowPrice", "range_low", products.front().from, offered);
    read_offer(*offer, "highPrice", "range_high", products.front().from, offered);
    // Several offers of several amounts: which one is bought is not said here.
    if (offers.size() == 1) read_offer(*offer, "price", "list", products.front().from, offered);
  }
  return offered;
}

Fact offered_fact(const PageView& view, const Offered& each) {
  Fact fact;
  fact.name = "price." + each.kind;
  fact.value = each.price.amount_minor;
  fact.raw = each.raw;
  fact.from = each.from;
  fact.confidence = 65;
  fact.currency = each.price.currency;
  fact.item = item_of(view.kind, fact.name);
  return fact;
}

}  // namespace

void extract_prices(const PageView& view, Facts& facts) {
  std::vector<Fact> visible = visible_prices(view);
  for (const Offered& each : structured_prices(view)) {
    const auto same = std::find_if(visible.begin(), visible.end(), [&](const Fact& fact) {
      return fact.value == each.price.amount_minor && fact.currency == each.price.currency;
    });
    if (same != visible.end()) {
      same->confidence = std::max(same->confidence, 95);
    } else if (visible.empty() || visible.front().from != "text") {
      visible.push_back(offered_fact(view, each));
    } else {
      facts.conflicts.push_back({"price." + each.kind, visible.front().raw, each.raw, each.from});
    }
  }
  for (Fact& fact : visible) {
    fact.item = item_of(view.kind, fact.name);
    facts.facts.push_back(std::move(fact));
  }
}

}  // namespace netsampler
