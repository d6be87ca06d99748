#include <algorithm>

#include "crawler/extract_parts.h"
#include "crawler/extract_place.h"
#include "crawler/price.h"

namespace netsampler {
namespace {

const PageNode& node_at(const PageView& view, int index) { return view.page.nodes[static_cast<std::size_t>(index)]; }

std::optional<StructuredObject> main_product(const PageView& view) {
  const auto products = objects_of(view.items, "Product");
  if (products.empty()) return std::nullopt;
  return products.front();
}

std::optional<Fact> structured_member(const PageView& view, const std::string& name, const char* member) {
  const auto product = main_product(view);
  const std::string value = product ? structured_text(*product->object, member) : "";
  if (value.empty()) return std::nullopt;
  return structured_fact(view, name, value, product->from);
}

bool may_be_title(const PageView& view, std::size_t block) {
  return code_points(text_of(view, block)) >= 4 && view.blocks[block].control < 0 && !view.aside[block] &&
         !begins_with_label(view.blocks[block]);
}

// "自营" in a box of its own before the name: where the page's title knows the rest alone, the rest is the name.
Fact heading_fact(const PageView& view, std::size_t block) {
  const TextBlock& each = view.blocks[block];
  const std::string& text = each.text.text;
  const std::string title = fold(view.page.title);
  const bool badge = each.pieces.size() > 1 && each.pieces[0].end <= 15 && title.find(text) == std::string::npos &&
                     title.find(trim(std::string_view(text).substr(each.pieces[1].begin))) != std::string::npos;
  if (!badge) return visible_fact(view, "product.title", block, 85);
  const std::size_t begin = each.pieces[1].begin;
  return visible_fact(view, "product.title", without_zero_width(each.text.raw_of(begin, text.size())), block, begin, text.size(), 85);
}

// The first main heading; where there is none, the visible text that the page's title begins with.
std::optional<Fact> visible_title(const PageView& view) {
  for (std::size_t i = 0; i < view.blocks.size(); ++i)
    if (may_be_title(view, i) && enclosing(view.page, view.blocks[i].element, {"h1"}) >= 0) return heading_fact(view, i);
  const std::string title = fold(view.page.title);
  for (std::size_t i = 0; i < view.blocks.size(); ++i) {
    const std::string_view text = trim(text_of(view, i));
    if (may_be_title(view, i) && code_points(text) >= 6 && title.starts_with(text)) return visible_fact(view, "product.title", i, 80);
  }
  for (std::size_t i = 0; i < view.blocks.size(); ++i) {
    const int element = view.blocks[i].element;
    const bool named = named_as_title(view, element) || (element >= 0 && named_as_title(view, node_at(view, element).parent));
    if (named && may_be_title(view, i) && scan_prices(text_of(view, i), false).empty()) return visible_fact(view, "product.title", i, 75);
  }
  return std::nullopt;
}

// "【自营】某商品" with the structured name inside it: the name is what both say.
void narrow_title(std::optional<Fact>& visible, const std::optional<Fact>& structured) {
  if (!visible || !structured) return;
  const std::string name = structured->value.get<std::string>();
  if (code_points(name) < 4 || visible->raw.find(name) == std::string::npos) return;
  visible->value = name;
}

bool says_yes(const PageNode& node, const char* name) { return attribute_or(node, name, "") == "true"; }

bool is_chosen(const PageNode& node) {
  if (says_yes(node, "aria-checked") || says_yes(node, "aria-selected") || says_yes(node, "aria-pressed")) return true;
  for (const char* word : {"selected", "active", "checked", "current", "chosen"})
    if (has_class(node, word)) return true;
  return false;
}

bool is_option_heading(std::string_view text) {
  while (!text.empty() && (text.back() == ':' || text.back() == ' ')) text.remove_suffix(1);
  for (std::string_view word : {"规格", "选择规格", "颜色", "颜色分类", "尺码", "尺寸", "型号", "套餐", "套餐类型", "版本", "容量", "口味", "净含量", "款式",
                                "重量", "数量规格", "包装", "内存", "存储容量"})
    if (text == word) return true;
  return false;
}

// The element that holds a heading of options and its options: the nearest one with more than the heading itself.
int option_group(const PageView& view, std::size_t heading) {
  int at = view.blocks[heading].element;
  for (int level = 0; level < 3 && at >= 0; ++level, at = node_at(view, at).parent)
    if (blocks_below(view, at).size() > 1 || view.blocks[heading].pieces.size() > 1) return at;
  return -1;
}

struct Option {
  std::size_t block = 0, begin = 0, end = 0;
};

// Only the chosen option says what is bought; with none chosen there is no specification.
std::optional<Option> chosen_option(const PageView& view, int group) {
  for (std::size_t block : blocks_below(view, group))
    for (const TextPiece& piece : view.blocks[block].pieces)
      for (int at = piece.node; at >= 0 && at != group; at = node_at(view, at).parent)
        if (is_chosen(node_at(view, at))) return Option{block, piece.begin, piece.end};
  return std::nullopt;
}

bool begins_with_option_heading(const PageView& view, std::size_t block) {
  const TextPiece& first = view.blocks[block].pieces.front();
  return is_option_heading(trim(std::string_view(text_of(view, block)).substr(first.begin, first.end - first.begin)));
}

std::optional<Fact> chosen_options(const PageView& view) {
  std::optional<Fact> whole;
  for (std::size_t i = 0; i < view.blocks.size(); ++i) {
    if (view.aside[i] || !begins_with_option_heading(view, i)) continue;
    const int group = option_group(view, i);
    const auto option = group >= 0 ? chosen_option(view, group) : std::nullopt;
    if (!option) continue;
    const std::string value = without_zero_width(view.blocks[option->block].text.raw_of(option->begin, option->end));
    Fact fact = visible_fact(view, "product.specification", value, option->block, option->begin, option->end, 85);
    if (!whole) {
      whole = std::move(fact);
      continue;
    }
    whole->value = whole->value.get<std::string>() + "，" + value;
    whole->raw += "，" + fact.raw;
    whole->rect = std::nullopt;  // two places: one rectangle would show what lies between, too
  }
  return whole;
}

// "规格" beside several values that are alike: options of which none is known to be chosen.
bool one_of_several(const PageView& view, const Labelled& label) {
  const int element = view.blocks[label.block].element;
  const PageNode& node = node_at(view, element);
  if (node.tag == "td" || node.tag == "dd" || node.parent < 0) return false;
  int alike = 0;
  for (int sibling : children_of(view.page, node.parent))
    if (sibling != view.blocks[label.label_block].element && node_at(view, sibling).tag == node.tag) ++alike;
  return alike > 1;
}

std::optional<Fact> labelled_specification(const PageView& view, bool said_chosen) {
  for (const Labelled& label : view.labels) {
    if (label.fact != "product.specification") continue;
    const std::string& text = text_of(view, label.label_block);
    if (said_chosen != contains_any(text, {"已选", "所选"})) continue;
    if (label.block != label.label_block && one_of_several(view, label)) continue;
    return visible_fact(view, label.fact, label.value, label.block, label.begin, label.end, label.confidence);
  }
  return std::nullopt;
}

std::optional<Fact> specification(const PageView& view) {
  if (auto said = labelled_specification(view, true)) return said;
  if (auto chosen = chosen_options(view)) return chosen;
  return labelled_specification(view, false);
}

}  // namespace

void extract_product(const PageView& view, Facts& facts) {
  if (view.kind == "product") {
    const auto structured = structured_member(view, "product.title", "name");
    auto title = visible_title(view);
    narrow_title(title, structured);
    merge_fact(view, facts, std::move(title), structured);
  }
  merge_fact(view, facts, labelled_fact(view, "product.number"), structured_member(view, "product.number", "productID"));
  merge_fact(view, facts, labelled_fact(view, "product.sku"), structured_member(view, "product.sku", "sku"));
  merge_fact(view, facts, specification(view), std::nullopt);
}

}  // namespace netsampler
