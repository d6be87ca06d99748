#include <algorithm>
#include <map>

#include "crawler/extract_offers.h"
#include "crawler/extract_parts.h"
#include "crawler/extract_place.h"
#include "crawler/price.h"
#include "crawler/price_words.h"
#include "crawler/price_words_world.h"

namespace netsampler {
namespace {

struct Seen {
  Price price;
  std::size_t block = 0;
  int confidence = 0;
  int points = 0;             // for its place on the page
  bool says_regular = false;  // "Regular price"
};

constexpr int kWitnessed = 60;  // structured data name the same amount
constexpr int kLabelled = 50;   // a word names it
constexpr int kZero = 40;       // "¥0.00" is rather an empty cart than a price
constexpr int kFormerByName = 55;  // confidence of a former price that only its box's name calls so
constexpr int kDoubtful = 5;
constexpr std::size_t kStruckReach = 6;  // blocks

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
    const std::string_view behind = std::string_view(block.text.text).substr(price.end);
    if (in_prose(block.text.text, price.end) || per_month_at_start(trim(behind))) continue;
    Seen each{price, index, price.labelled ? 92 : 60, 0, price.labelled && contains_any(lower_ascii(block.text.text), {"regular"})};
    if (first && !price.labelled && !named.empty()) {
      each.price.kind = block.struck ? "strikethrough" : price.high_minor && named == "list" ? "range_low" : named;
      each.price.labelled = true;
      each.confidence = 90;
    }
    if (!each.price.labelled && (!price.marked || named_otherwise(view, index))) continue;
    if (block.struck && !each.price.labelled) each.price.kind = "strikethrough";
    if (block.struck && !each.price.labelled) each.confidence = 80;
    if (!each.price.labelled && each.price.kind == "list" && named_as_former(view, index, price.end - 1)) each.price.kind = "strikethrough", each.confidence = kFormerByName;
    seen.push_back(each);
    first = false;
  }
}

// For each kind the labelled amount; among alike ones the likeliest place, then the first.
bool better(const Seen& a, const Seen& b) {
  if (a.price.labelled && b.price.labelled) return false;
  return a.points + (a.price.labelled ? kLabelled : 0) > b.points + (b.price.labelled ? kLabelled : 0);
}

bool may_hold_price(const PageView& view, std::size_t block, bool named) {
  if (view.aside[block]) return false;
  // An option's own price is not the price chosen.
  return view.blocks[block].control < 0 || named || price_label_at_start(text_of(view, block)).bytes > 0 || price_label_at_end(text_of(view, block)).bytes > 0;
}

std::vector<Seen> seen_prices(const PageView& view, const Offers& offers) {
  const auto elsewhere = labelled_elsewhere(view);
  const PagePlaces places = find_places(view);
  std::vector<Seen> seen;
  for (std::size_t i = 0; i < view.blocks.size(); ++i) {
    const auto named = elsewhere.find(i);
    if (!may_hold_price(view, i, named != elsewhere.end())) continue;
    const std::size_t first = seen.size();
    read_block(view, i, named == elsewhere.end() ? "" : named->second, seen);
    const int points = first < seen.size() ? place_points(view, places, i) : 0;
    for (std::size_t at = first; at < seen.size(); ++at) {
      seen[at].points = points + (offers.amounts.contains(seen[at].price.amount_minor) ? kWitnessed : 0) - (seen[at].price.amount_minor == 0 ? kZero : 0);
      if (points == kNotHere) seen[at].points = kNotHere;
    }
  }
  std::erase_if(seen, [](const Seen& each) { return each.points == kNotHere; });
  return seen;
}

// A struck amount belongs to the price that it stands beside, and is more than that.
bool belongs_to(const Seen& struck, const Seen& price) {
  const std::size_t gap = struck.block > price.block ? struck.block - price.block : price.block - struck.block;
  return gap <= kStruckReach && struck.price.amount_minor > price.price.amount_minor && struck.price.currency == price.price.currency;
}

using Best = std::map<std::string, Seen>;

const Seen* current_of(const Best& best) {
  for (const char* kind : {"list", "range_low", "final", "coupon", "group", "member", "single"})
    if (const auto found = best.find(kind); found != best.end()) return &found->second;
  return nullptr;
}

// The only amount there is, called "regular" by its box alone: the price.
void only_former(Best& best) {
  const auto former = best.find("strikethrough");
  if (former == best.end() || current_of(best) != nullptr || former->second.confidence != kFormerByName) return;
  Seen price = former->second;
  price.price.kind = "list";
  best.erase(former);
  best.emplace("list", price);
}

void choose_struck(const std::vector<Seen>& seen, Best& best) {
  const Seen* current = current_of(best);
  const auto chosen = best.find("strikethrough");
  if (current == nullptr || chosen == best.end() || chosen->second.price.labelled || belongs_to(chosen->second, *current)) return;
  best.erase("strikethrough");
  for (const Seen& each : seen)
    if (each.price.kind == "strikethrough" && belongs_to(each, *current)) {
      best.emplace("strikethrough", each);
      return;
    }
}

// "Regular price $39" that is struck beside "Sale price $29" is one former price, and an amount that already has a name needs no second.
void drop_doubles(Best& best) {
  const auto list = best.find("list");
  if (list == best.end() || best.size() < 2) return;
  for (const auto& [kind, each] : best) {
    if (kind == "list" || each.price.amount_minor != list->second.price.amount_minor) continue;
    const bool former = kind == "strikethrough" && best.size() == 2;
    if (former) best.erase("strikethrough");
    else best.erase(list);
    return;
  }
}

// "Now $12 was $15" beside "$12": the words "regular price" at a higher amount name the former one.
void name_former(Best& best) {
  const auto list = best.find("list"), now = best.find("final");
  if (list == best.end() || now == best.end() || best.contains("strikethrough") || !list->second.says_regular) return;
  if (list->second.price.amount_minor <= now->second.price.amount_minor) return;
  list->second.price.kind = "strikethrough";
  best.emplace("strikethrough", list->second);
  best.erase("list");
}

Best best_of_each_kind(const PageView& view, const Offers& offers) {
  const std::vector<Seen> seen = seen_prices(view, offers);
  Best best;
  for (const Seen& each : seen) {
    const auto [at, fresh] = best.emplace(each.price.kind, each);
    if (!fresh && better(each, at->second)) at->second = each;
  }
  // An amount nobody named, far from where prices stand, beside one that has a name: somebody else's.
  const auto list = best.find("list");
  if (list != best.end() && !list->second.price.labelled && list->second.points < kDoubtful && best.size() > 1) best.erase(list);
  // "from 9.90" beside a price of its own: of the freight, of an instalment.
  const auto from = best.find("range_low");
  if (best.contains("list") && from != best.end() && !from->second.price.high_minor && !from->second.price.labelled) best.erase(from);
  only_former(best);
  choose_struck(seen, best);
  name_former(best);
  drop_doubles(best);
  return best;
}

Fact price_fact(const PageView& view, const std::string& kind, const Seen& seen, std::int64_t amount) {
  Fact fact = visible_fact(view, "price." + kind, "", seen.block, seen.price.begin, seen.price.end, seen.confidence);
  fact.value = amount;
  fact.currency = seen.price.currency;
  return fact;
}

std::vector<Fact> visible_prices(const PageView& view, const Offers& offers) {
  std::vector<Fact> facts;
  const auto best = best_of_each_kind(view, offers);
  for (const char* kind : {"list", "strikethrough", "coupon", "final", "group", "single", "member", "deposit", "balance", "range_low"}) {
    const auto found = best.find(kind);
    if (found == best.end()) continue;
    const Seen& seen = found->second;
    facts.push_back(price_fact(view, seen.price.high_minor ? "range_low" : kind, seen, seen.price.amount_minor));
    if (seen.price.high_minor) facts.push_back(price_fact(view, "range_high", seen, *seen.price.high_minor));
  }
  return facts;
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
  const Offers offers = structured_offers(view);
  std::vector<Fact> visible = visible_prices(view, offers);
  for (const Offered& each : offers.said) {
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
