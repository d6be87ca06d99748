// One model of a page for the extractors, whichever way it was kept: a DOM snapshot of the browser (with layout) or a bare HTML
// file (without). Plain values; nothing refers to the source. Whoever wrote the page wrote every string in here: not trusted.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evidence/base/json.h"

namespace netsampler {

struct Rect {  // CSS pixels from the document's upper left corner
  int x = 0, y = 0, w = 0, h = 0;
};

struct PageNode {
  int parent = -1;   // index into Page::nodes, always smaller than the node's own; -1 at the root
  std::string tag;   // lower case; empty for a text node
  std::string text;  // of a text node, as in the source; never of scripts and styles (those keep it too, but are not visible)
  std::vector<std::pair<std::string, std::string>> attributes;  // names in lower case, in source order
  bool visible = false;  // drawn: no display:none, visibility:hidden, zero or off-page box on it or above it
  bool struck = false;   // a line through it, by tag or style, its own or inherited
  bool block = false;    // an element that begins a new line
  int font_size_px = 0;  // 0: not known
  std::optional<Rect> rect;  // only from a snapshot, only of what has a box
};

struct Page {
  std::string url, title;  // empty where not known
  std::vector<PageNode> nodes;
};

// Bounds: beyond them a page is `invalid`. Chromium's own parser nests 512 deep at most.
inline constexpr std::size_t kMaxPageNodes = 500'000;
inline constexpr int kMaxPageDepth = 1000;
inline constexpr std::size_t kMaxPageBytes = 64u << 20;

// The result object of CDP DOMSnapshot.captureSnapshot, asked with kSnapshotStyles (archive.h); the main document only.
Result<Page> page_from_snapshot(const Json& snapshot);
// Bytes of an HTML file, taken as UTF-8. Always a page: HTML has no errors; `invalid` only beyond the bounds.
Result<Page> page_from_html(std::string_view html);

const std::string* attribute(const PageNode& node, std::string_view name);  // null where absent
std::string attribute_or(const PageNode& node, std::string_view name, const std::string& other);
bool has_class(const PageNode& node, std::string_view word);
bool is_within(const Page& page, int node, int ancestor);  // a node is within itself
// The nearest element at or above `node` with one of the tags; -1 where none.
int enclosing(const Page& page, int node, const std::vector<std::string_view>& tags);
std::vector<int> children_of(const Page& page, int node);
// All text below the node, visible or not, in order (scripts: their source).
std::string text_below(const Page& page, int node);
std::string lower_ascii(std::string_view text);
bool is_inline_tag(std::string_view tag);  // span, a, b …: by HTML's own style sheet not a new line

}  // namespace netsampler
