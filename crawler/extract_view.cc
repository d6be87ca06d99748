#include "crawler/extract_view.h"

#include <algorithm>
#include <map>

#include "crawler/extract_place.h"
#include "crawler/price.h"

namespace netsampler {
namespace {

constexpr int kCardLevels = 6;           // ancestors of a price that may be the card
constexpr std::size_t kMostHeadings = 40; // over recommended goods; each is looked for through the page
constexpr std::size_t kLeastCards = 3;   // fewer alike siblings are no list of products

const PageNode& node_at(const Page& page, int index) { return page.nodes[static_cast<std::size_t>(index)]; }

bool has_marked_price(const TextBlock& block) {
  for (const Price& price : scan_prices(block.text.text, false))
    if (price.marked) return true;
  return false;
}

// A link that leads to a thing: with a picture or some words in it.
bool has_link(const Page& page, int element) {
  for (std::size_t i = static_cast<std::size_t>(element); i < page.nodes.size(); ++i) {
    if (i > static_cast<std::size_t>(element) && page.nodes[i].parent < element) break;
    if (page.nodes[i].tag == "a" && attribute(page.nodes[i], "href") && code_points(fold(text_below(page, static_cast<int>(i)))) >= 4)
      return true;
  }
  return false;
}

struct CardKey {
  int parent;
  std::string tag, classes;
  auto operator<=>(const CardKey&) const = default;
};

std::set<int> find_cards(const Page& page, const std::vector<TextBlock>& blocks) {
  std::map<CardKey, std::set<int>> groups;
  for (const TextBlock& block : blocks) {
    if (!has_marked_price(block)) continue;
    int at = block.element;
    for (int level = 0; level < kCardLevels && at > 0; ++level, at = node_at(page, at).parent) {
      const PageNode& node = node_at(page, at);
      if (node.tag != "tr" && node.tag != "td") groups[{node.parent, node.tag, attribute_or(node, "class", "")}].insert(at);
    }
  }
  std::set<int> cards;
  for (const auto& [key, elements] : groups) {
    if (elements.size() < kLeastCards) continue;
    std::set<int> linked;
    for (int element : elements)
      if (has_link(page, element)) linked.insert(element);
    if (linked.size() >= kLeastCards) cards.insert(linked.begin(), linked.end());
  }
  return cards;
}

bool recommends_in_western_words(std::string_view text) {
  if (code_points(text) > 48) return false;
  const std::string words = lower_ascii(text);
  return contains_any(words, {"you may also", "you might also", "also like", "also bought", "also viewed", "related products", "related items", "recently viewed", "similar products", "similar items", "frequently bought", "recommended for you",
                              "recommended products", "more from", "complete the look", "goes well with", "customers who", "people also", "best sellers", "bestsellers", "featured products", "new arrivals", "das könnte", "ähnliche artikel", "ähnliche produkte",
                              "kunden kauften", "zuletzt angesehen", "passendes zubehör", "vous aimerez", "produits similaires", "vous pourriez aussi", "también te", "productos relacionados", "te puede interesar", "prodotti correlati", "potrebbe interessarti",
                              "produtos relacionados", "gerelateerde producten", "anderen bekeken", "relaterade produkter", "andra köpte", "podobne produkty", "související", "похожие товары", "с этим товаром", "関連商品", "おすすめ商品", "関連 상품", "추천 상품"});
}

bool is_recommendation_heading(std::string_view text) {
  if (recommends_in_western_words(text)) return true;
  return code_points(text) <= 16 && contains_any(text, {"猜你喜欢", "看了又看", "为你推荐", "为您推荐", "相关商品", "相关推荐", "店铺热卖",
                                                        "热销推荐", "大家还在看", "买了还买", "推荐商品", "同类商品", "浏览记录", "最近浏览", "热销商品", "精品推荐", "优品推荐", "大家都在看", "大家都在买", "商品推荐", "店长推荐", "掌柜推荐", "热门推荐", "搭配购买", "推荐搭配", "销量排行", "热卖排行"});
}

bool holds_main_heading(const Page& page, int element) {
  for (std::size_t i = static_cast<std::size_t>(element); i < page.nodes.size(); ++i) {
    if (i > static_cast<std::size_t>(element) && page.nodes[i].parent < element) break;
    if (page.nodes[i].tag == "h1" || page.nodes[i].tag == "body") return true;
  }
  return false;
}

// The part of the page that a heading "猜你喜欢" stands over: the nearest element around it that holds a price too.
int recommended_part(const PageView& view, std::size_t heading) {
  for (int at = view.blocks[heading].element; at >= 0; at = node_at(view.page, at).parent) {
    if (holds_main_heading(view.page, at)) return -1;
    for (std::size_t block : blocks_below(view, at))
      if (block != heading && has_marked_price(view.blocks[block])) return at;
  }
  return -1;
}

bool holds_buying(const PageView& view, int element) {
  for (std::size_t block : blocks_below(view, element))
    if (invites_to_buy(text_of(view, block))) return true;
  return holds_main_heading(view.page, element);
}

// A heading "related" in one box with the goods themselves: what follows it there.
void add_what_follows(const PageView& view, std::size_t heading, std::vector<bool>& following) {
  bool after_title = false;
  for (std::size_t i = 0; i < heading; ++i) after_title = after_title || enclosing(view.page, view.blocks[i].element, {"h1"}) >= 0;
  if (!after_title) return;
  int at = view.blocks[heading].element;
  while (at >= 0 && !holds_main_heading(view.page, at)) at = node_at(view.page, at).parent;
  for (std::size_t i : at >= 0 ? blocks_below(view, at) : std::vector<std::size_t>{})
    if (i >= heading) following[i] = true;
}

// Header, footer and the like; but a box that holds the page's main heading behind others is the matter itself.
bool is_frame_of_page(const PageView& view, int element, std::map<int, bool>& known) {
  const int frame = enclosing(view.page, element, {"header", "footer", "nav", "aside"});
  if (frame < 0) return false;
  const std::string& tag = node_at(view.page, frame).tag;
  const bool may_be_matter = tag == "header" || tag == "aside";
  if (const auto told = known.find(frame); told != known.end()) return told->second;
  return known[frame] = !may_be_matter || enclosing(view.page, frame, {"main", "article"}) < 0 || !holds_buying(view, frame);
}

void mark_aside(PageView& view) {
  const std::set<int> cards = find_cards(view.page, view.blocks);
  view.cards = cards.size();
  view.card_elements.assign(cards.begin(), cards.end());
  std::set<int> parts = cards;
  std::vector<bool> following(view.blocks.size(), false);
  std::map<int, bool> frames;
  std::size_t headings = 0;
  for (std::size_t i = 0; i < view.blocks.size() && headings < kMostHeadings; ++i) {
    if (!is_recommendation_heading(text_of(view, i))) continue;
    ++headings;
    if (const int part = recommended_part(view, i); part >= 0) parts.insert(part);
    else add_what_follows(view, i, following);
  }
  for (std::size_t i = 0; i < view.blocks.size(); ++i) {
    const TextBlock& block = view.blocks[i];
    bool aside = following[i] || is_frame_of_page(view, block.element, frames);
    for (int at = block.element; at >= 0 && !aside; at = node_at(view.page, at).parent) aside = parts.contains(at);
    view.aside.push_back(aside);
  }
}

// The page's own word for its address, where the caller knows none.
std::string own_url(const Page& page) {
  for (const PageNode& node : page.nodes) {
    std::string url;
    if (node.tag == "base") url = attribute_or(node, "href", "");
    if (node.tag == "link" && attribute_or(node, "rel", "") == "canonical") url = attribute_or(node, "href", "");
    if (node.tag == "meta" && attribute_or(node, "property", "") == "og:url") url = attribute_or(node, "content", "");
    if (url.starts_with("https://") || url.starts_with("http://")) return url;
  }
  return "";
}

bool agree(const std::string& a, const std::string& b) {
  const std::string one = lower_ascii(fold(a)), two = lower_ascii(fold(b));
  return one == two || (code_points(two) >= 4 && one.find(two) != std::string::npos);
}

std::string as_text(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

// A structured value that a reader can see, too.
void find_on_page(const PageView& view, Fact& fact) {
  const std::string wanted = fold(as_text(fact.value));
  for (std::size_t i = 0; i < view.blocks.size(); ++i) {
    const std::string& text = text_of(view, i);
    const std::size_t at = text.find(wanted);
    if (at == std::string::npos || (code_points(wanted) < 4 && trim(text) != wanted)) continue;
    fact.raw = view.blocks[i].text.raw_of(at, at + wanted.size());
    fact.rect = rect_of(view.page, view.blocks[i], at, at + wanted.size());
    fact.confidence = 85;
    return;
  }
}

}  // namespace

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

PageView read_view(const Page& page, const std::string& url) {
  PageView view{page, !url.empty() ? url : page.url.starts_with("http") ? page.url : own_url(page), text_blocks(page), {}, {}, {}, 0, {}, ""};
  view.labels = find_labels(page, view.blocks);
  view.items = structured_items(page);
  mark_aside(view);
  return view;
}

std::vector<std::size_t> blocks_below(const PageView& view, int node) {
  auto block = std::partition_point(view.blocks.begin(), view.blocks.end(),
                                    [&](const TextBlock& each) { return each.pieces.front().node < node; });
  std::vector<std::size_t> found;
  for (; block != view.blocks.end() && is_within(view.page, block->pieces.front().node, node); ++block)
    found.push_back(static_cast<std::size_t>(block - view.blocks.begin()));
  return found;
}

std::string absolute_url(const PageView& view, const std::string& href) {
  if (href.starts_with("https://") || href.starts_with("http://")) return href;
  const std::size_t scheme = view.url.find("://");
  if (scheme == std::string::npos || href.empty() || href[0] == '#') return "";
  if (href.starts_with("//")) return view.url.substr(0, scheme + 1) + href;
  if (href.find(':') < href.find('/')) return "";  // javascript:, mailto:
  const std::size_t path = std::min(view.url.find_first_of("/?#", scheme + 3), view.url.size());
  const std::string origin = view.url.substr(0, path);
  if (href[0] == '/') return origin + href;
  const std::string whole = view.url.substr(path, view.url.find_first_of("?#", path) - path);
  const std::size_t last = whole.find_last_of('/');
  return origin + (last == std::string::npos ? "/" : whole.substr(0, last + 1)) + href;
}

Fact visible_fact(const PageView& view, const std::string& name, const std::string& value, std::size_t block, std::size_t begin,
                  std::size_t end, int confidence) {
  Fact fact;
  fact.name = name;
  fact.value = value;
  fact.raw = view.blocks[block].text.raw_of(begin, end);
  fact.rect = rect_of(view.page, view.blocks[block], begin, end);
  fact.from = "text";
  fact.confidence = confidence;
  return fact;
}

Fact visible_fact(const PageView& view, const std::string& name, std::size_t block, int confidence) {
  const FoldedText& text = view.blocks[block].text;
  return visible_fact(view, name, without_zero_width(text.raw_of(0, text.text.size())), block, 0, text.text.size(), confidence);
}

Fact structured_fact(const PageView& view, const std::string& name, const std::string& value, const std::string& from) {
  Fact fact;
  fact.name = name;
  fact.value = value;
  fact.raw = value;
  fact.from = from;
  fact.confidence = 65;
  find_on_page(view, fact);
  return fact;
}

void merge_fact(const PageView& view, Facts& facts, std::optional<Fact> visible, const std::optional<Fact>& structured) {
  if (!visible && !structured) return;
  Fact fact = visible ? std::move(*visible) : *structured;
  if (visible && structured) {
    if (agree(as_text(fact.value), as_text(structured->value))) fact.confidence = std::max(fact.confidence, 95);
    else facts.conflicts.push_back({fact.name, as_text(fact.value), as_text(structured->value), structured->from});
  }
  fact.item = item_of(view.kind, fact.name);
  facts.facts.push_back(std::move(fact));
}

std::optional<Fact> labelled_fact(const PageView& view, const std::string& name) {
  for (const Labelled& label : view.labels)
    if (label.fact == name) return visible_fact(view, name, label.value, label.block, label.begin, label.end, label.confidence);
  return std::nullopt;
}

}  // namespace netsampler
