#include "crawler/dom.h"

#include <algorithm>
#include <array>

namespace netsampler {
namespace {

constexpr std::array<std::string_view, 33> kInlineTags{
    "a",   "abbr", "b",    "bdi",   "bdo",    "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",   "ins", "kbd", "label",
    "mark", "q",   "ruby", "s",     "samp",   "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "::before"};

}  // namespace

const std::string* attribute(const PageNode& node, std::string_view name) {
  for (const auto& [key, value] : node.attributes)
    if (key == name) return &value;
  return nullptr;
}

std::string attribute_or(const PageNode& node, std::string_view name, const std::string& other) {
  const std::string* found = attribute(node, name);
  return found ? *found : other;
}

bool has_class(const PageNode& node, std::string_view word) {
  const std::string* classes = attribute(node, "class");
  if (!classes) return false;
  const std::string padded = " " + *classes + " ";
  return padded.find(" " + std::string(word) + " ") != std::string::npos;
}

bool is_within(const Page& page, int node, int ancestor) {
  for (; node >= 0; node = page.nodes[static_cast<std::size_t>(node)].parent)
    if (node == ancestor) return true;
  return false;
}

int enclosing(const Page& page, int node, const std::vector<std::string_view>& tags) {
  for (; node >= 0; node = page.nodes[static_cast<std::size_t>(node)].parent) {
    const std::string& tag = page.nodes[static_cast<std::size_t>(node)].tag;
    if (!tag.empty() && std::find(tags.begin(), tags.end(), tag) != tags.end()) return node;
  }
  return -1;
}

// Nodes stand in document order: what lies below a node is one stretch behind it.
std::vector<int> children_of(const Page& page, int node) {
  std::vector<int> children;
  for (std::size_t i = static_cast<std::size_t>(node + 1); i < page.nodes.size() && page.nodes[i].parent >= node; ++i)
    if (page.nodes[i].parent == node) children.push_back(static_cast<int>(i));
  return children;
}

std::string text_below(const Page& page, int node) {
  std::string text = page.nodes[static_cast<std::size_t>(node)].text;
  for (std::size_t i = static_cast<std::size_t>(node + 1); i < page.nodes.size() && page.nodes[i].parent >= node; ++i)
    if (page.nodes[i].tag.empty()) text += page.nodes[i].text;
  return text;
}

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

bool is_inline_tag(std::string_view tag) {
  return tag == "::after" || std::find(kInlineTags.begin(), kInlineTags.end(), tag) != kInlineTags.end();
}

}  // namespace netsampler
