// A list of goods: each with its title, link and price. Nobody's facts yet, but what a product's own page is held against.
#include <algorithm>
#include <map>

#include "crawler/extract_parts.h"
#include "crawler/price.h"

namespace netsampler {
namespace {

constexpr std::size_t kMaxProducts = 300;

const PageNode& node_at(const PageView& view, int index) { return view.page.nodes[static_cast<std::size_t>(index)]; }

// The smallest card around the block; -1 where it is in none.
int card_of(const PageView& view, std::size_t block) {
  for (int at = view.blocks[block].element; at >= 0; at = node_at(view, at).parent)
    if (std::binary_search(view.card_elements.begin(), view.card_elements.end(), at)) return at;
  return -1;
}

std::string link_of(const PageView& view, int card) {
  for (std::size_t i = static_cast<std::size_t>(card); i < view.page.nodes.size(); ++i) {
    if (i > static_cast<std::size_t>(card) && view.page.nodes[i].parent < card) break;
    if (view.page.nodes[i].tag != "a") continue;
    std::string url = absolute_url(view, attribute_or(view.page.nodes[i], "href", ""));
    if (!url.empty()) return url;
  }
  return "";
}

// Name and price in one line: the first link's text of some length, else the longest stretch without a price.
std::string linked_title(const PageView& view, int card) {
  std::string title;
  for (std::size_t block : blocks_below(view, card))
    for (const TextPiece& piece : view.blocks[block].pieces) {
      const FoldedText& text = view.blocks[block].text;
      const std::string_view part = std::string_view(text.text).substr(piece.begin, piece.end - piece.begin);
      if (code_points(part) <= code_points(title) || !scan_prices(part, true).empty()) continue;
      title = without_zero_width(text.raw_of(piece.begin, piece.end));
      if (code_points(title) >= 4 && enclosing(view.page, piece.node, {"a"}) >= 0) return title;
    }
  return title;
}

// The longest text of the card that is no price.
std::string title_of(const PageView& view, int card) {
  std::string title;
  for (std::size_t block : blocks_below(view, card)) {
    const FoldedText& text = view.blocks[block].text;
    if (view.blocks[block].control >= 0 || code_points(text.text) <= code_points(title) || !scan_prices(text.text, false).empty()) continue;
    title = without_zero_width(text.raw_of(0, text.text.size()));
  }
  return title.empty() ? linked_title(view, card) : title;
}

}  // namespace

void extract_listing(const PageView& view, Facts& facts) {
  std::map<int, std::size_t> places;  // card → index in facts.products
  for (std::size_t i = 0; i < view.blocks.size() && facts.products.size() < kMaxProducts; ++i) {
    if (view.blocks[i].struck) continue;
    for (const Price& price : scan_prices(view.blocks[i].text.text, false)) {
      const int card = price.marked && price.kind != "strikethrough" ? card_of(view, i) : -1;
      if (card < 0) continue;
      const auto [at, fresh] = places.emplace(card, facts.products.size());
      if (fresh) facts.products.push_back({title_of(view, card), link_of(view, card), price.amount_minor, price.currency});
      ListedProduct& product = facts.products[at->second];
      if (price.currency == product.currency) product.price_minor = std::min(product.price_minor, price.amount_minor);
    }
  }
}

}  // namespace netsampler
