// Search and chat: what was typed, and what was said.
#include <algorithm>

#include "crawler/extract_parts.h"

namespace netsampler {
namespace {

constexpr std::size_t kMaxChatBytes = 20'000;  // of one record's member: a record is at most 64 KiB

bool is_search_box(const PageNode& node) {
  if (node.tag != "input" || !node.visible) return false;
  const std::string type = lower_ascii(attribute_or(node, "type", "text"));
  const std::string name = lower_ascii(attribute_or(node, "name", ""));
  if (type == "search") return true;
  constexpr std::string_view kNames[] = {"q", "wd", "kw", "key", "keyword", "keywords", "search", "query"};
  return type == "text" && std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// “干红枣”的搜索结果: what stands between the quotation marks.
std::optional<Fact> quoted(const PageView& view) {
  for (std::size_t i = 0; i < view.blocks.size(); ++i) {
    const std::string& text = text_of(view, i);
    if (!contains_any(text, {"搜索结果", "的结果", "相关的商品", "相关商品"})) continue;
    for (const auto& [open, close] : {std::pair{"“", "”"}, std::pair{"「", "」"}, std::pair{"\"", "\""}, std::pair{"'", "'"}}) {
      const std::size_t begin = text.find(open);
      const std::size_t from = begin == std::string::npos ? begin : begin + std::string_view(open).size();
      const std::size_t end = from == std::string::npos ? from : text.find(close, from);
      if (end == std::string::npos || end == from) continue;
      return visible_fact(view, "search.text", view.blocks[i].text.raw_of(from, end), i, from, end, 85);
    }
  }
  return std::nullopt;
}

bool holds_chat(const PageNode& node) {
  if (attribute_or(node, "role", "") == "log" || attribute(node, "aria-live")) return true;
  const std::string classes = lower_ascii(attribute_or(node, "class", "") + " " + attribute_or(node, "id", ""));
  return node.tag != "body" && node.tag != "a" && contains_any(classes, {"message", "bubble", "chat-list", "chatlist", "msg"});
}

bool in_chat(const PageView& view, std::size_t block) {
  for (int at = view.blocks[block].element; at >= 0; at = view.page.nodes[static_cast<std::size_t>(at)].parent)
    if (holds_chat(view.page.nodes[static_cast<std::size_t>(at)])) return true;
  return false;
}

}  // namespace

void extract_search(const PageView& view, Facts& facts) {
  std::optional<Fact> typed;
  for (const PageNode& node : view.page.nodes) {
    const std::string value = is_search_box(node) ? std::string(trim(attribute_or(node, "value", ""))) : "";
    if (value.empty()) continue;
    typed.emplace();
    typed->name = "search.text";
    typed->value = replace_invalid_utf8(value);
    typed->raw = replace_invalid_utf8(value);
    typed->rect = node.rect;
    typed->from = "text";
    typed->confidence = 95;
    break;
  }
  merge_fact(view, facts, typed ? typed : quoted(view), std::nullopt);
}

void extract_chat(const PageView& view, Facts& facts) {
  std::string text;
  for (std::size_t i = 0; i < view.blocks.size(); ++i) {
    if (view.blocks[i].control >= 0 || !in_chat(view, i)) continue;
    const FoldedText& each = view.blocks[i].text;
    const std::string line = each.raw_of(0, each.text.size());
    if (text.size() + line.size() > kMaxChatBytes) break;
    text += (text.empty() ? "" : "\n") + line;
  }
  if (text.empty()) return;
  Fact fact;
  fact.name = "chat.text";
  fact.value = text;
  fact.raw = text;
  fact.from = "text";
  fact.confidence = 80;
  merge_fact(view, facts, fact, std::nullopt);
}

}  // namespace netsampler
