// DOMSnapshot.captureSnapshot: flat tables of indices into `strings`. Nodes without a row in `layout` have no box.
#include <algorithm>

#include "crawler/dom.h"
#include "evidence/base/json_at.h"

namespace netsampler {
namespace {

// The places of kSnapshotStyles (archive.h) in a row of layout.styles.
enum Style : std::size_t { kDisplay, kVisibility, kDecoration, kFontSize };

Error broken(const std::string& what) { return fail(ErrorKind::invalid, "not a DOM snapshot: " + what); }

class Strings {
 public:
  explicit Strings(const Json& table) : table_(table) {}
  // Absent values are -1 in the protocol: an empty text.
  std::string at(const Json& index) const {
    if (!index.is_number_integer()) return "";
    const auto i = index.get<std::int64_t>();
    if (i < 0 || static_cast<std::size_t>(i) >= table_.size() || !table_[static_cast<std::size_t>(i)].is_string()) return "";
    return table_[static_cast<std::size_t>(i)].get<std::string>();
  }

 private:
  const Json& table_;
};

const Json& element(const Json& list, std::size_t at) {
  static const Json none;
  return list.is_array() && at < list.size() ? list[at] : none;
}

std::optional<Rect> rect_of(const Json& bounds) {
  if (!bounds.is_array() || bounds.size() != 4) return std::nullopt;
  int side[4];
  for (std::size_t i = 0; i < 4; ++i) {
    if (!bounds[i].is_number()) return std::nullopt;
    side[i] = static_cast<int>(std::clamp(bounds[i].get<double>(), -1e6, 1e6));
  }
  return Rect{side[0], side[1], side[2], side[3]};
}

int pixels(const std::string& size) {  // "14px", "13.3333px"
  int value = 0;
  for (char c : size) {
    if (c < '0' || c > '9' || value > 10'000) break;
    value = value * 10 + (c - '0');
  }
  return value;
}

class SnapshotReader {
 public:
  SnapshotReader(const Json& document, const Strings& strings) : document_(document), strings_(strings) {}

  Result<Page> read() {
    page_.url = strings_.at(member_at(document_, "documentURL"));
    page_.title = strings_.at(member_at(document_, "title"));
    TRY(read_nodes());
    read_input_values();
    read_layout();
    inherit();
    return std::move(page_);
  }

 private:
  Result<void> read_nodes() {
    const Json& nodes = member_at(document_, "nodes");
    const Json& parents = member_at(nodes, "parentIndex");
    if (!parents.is_array() || parents.empty()) return broken("it has no nodes");
    if (parents.size() > kMaxPageNodes) return broken("more than " + std::to_string(kMaxPageNodes) + " nodes");
    std::vector<int> depths;
    for (std::size_t i = 0; i < parents.size(); ++i) {
      const auto parent = integer_at(parents, i, -1);
      if (parent >= static_cast<std::int64_t>(i)) return broken("node " + std::to_string(i) + " stands before its parent");
      depths.push_back(parent < 0 ? 0 : depths[static_cast<std::size_t>(parent)] + 1);
      if (depths.back() > kMaxPageDepth) return broken("nested deeper than " + std::to_string(kMaxPageDepth));
      page_.nodes.push_back(read_node(nodes, i, static_cast<int>(std::max<std::int64_t>(parent, -1))));
    }
    return {};
  }

  PageNode read_node(const Json& nodes, std::size_t i, int parent) const {
    PageNode node;
    node.parent = parent;
    constexpr int kTextNode = 3;
    if (integer_at(member_at(nodes, "nodeType"), i, 0) == kTextNode) {
      node.text = strings_.at(element(member_at(nodes, "nodeValue"), i));
      return node;
    }
    node.tag = lower_ascii(strings_.at(element(member_at(nodes, "nodeName"), i)));
    if (node.tag.empty()) node.tag = "#";
    const Json& pairs = element(member_at(nodes, "attributes"), i);
    for (std::size_t a = 0; pairs.is_array() && a + 1 < pairs.size(); a += 2)
      node.attributes.emplace_back(lower_ascii(strings_.at(pairs[a])), strings_.at(pairs[a + 1]));
    return node;
  }

  // What was typed is not the attribute: the live value replaces it.
  void read_input_values() {
    const Json& nodes = member_at(document_, "nodes");
    for (const char* table : {"inputValue", "textValue"}) {
      const Json& at = member_at(member_at(nodes, table), "index");
      const Json& values = member_at(member_at(nodes, table), "value");
      for (std::size_t i = 0; at.is_array() && i < at.size(); ++i) {
        const auto node = integer_at(at, i, -1);
        if (node < 0 || static_cast<std::size_t>(node) >= page_.nodes.size()) continue;
        set_value(page_.nodes[static_cast<std::size_t>(node)], strings_.at(element(values, i)));
      }
    }
    for (const auto& index : member_at(member_at(nodes, "inputChecked"), "index"))
      if (index.is_number_unsigned() && index.get<std::size_t>() < page_.nodes.size())
        page_.nodes[index.get<std::size_t>()].attributes.emplace_back("checked", "");
  }

  static void set_value(PageNode& node, const std::string& value) {
    for (auto& [key, old] : node.attributes)
      if (key == "value") {
        old = value;
        return;
      }
    node.attributes.emplace_back("value", value);
  }

  void read_layout() {
    const Json& layout = member_at(document_, "layout");
    const Json& at = member_at(layout, "nodeIndex");
    for (std::size_t row = 0; at.is_array() && row < at.size(); ++row) {
      const auto index = integer_at(at, row, -1);
      if (index < 0 || static_cast<std::size_t>(index) >= page_.nodes.size()) continue;
      read_box(layout, row, page_.nodes[static_cast<std::size_t>(index)]);
    }
  }

  void read_box(const Json& layout, std::size_t row, PageNode& node) const {
    const Json& styles = element(member_at(layout, "styles"), row);
    const auto style = [&](Style which) { return strings_.at(element(styles, which)); };
    const auto rect = rect_of(element(member_at(layout, "bounds"), row));
    if (rect && !node.rect) node.rect = rect;
    node.visible = style(kVisibility) != "hidden" && style(kVisibility) != "collapse";
    node.struck = style(kDecoration).find("line-through") != std::string::npos;
    if (const int size = pixels(style(kFontSize))) node.font_size_px = size;
    const std::string display = style(kDisplay);
    node.block = !display.empty() && !display.starts_with("inline") && display != "contents";
    // Generated content (a "¥" before a price) has no text node: its text stands in the layout of the pseudo-element.
    if (node.tag.starts_with("::")) node.text = strings_.at(element(member_at(layout, "text"), row));
  }

  // Decorations and font sizes reach the text from above; text without ink or outside the page was not seen.
  void inherit() {
    for (PageNode& node : page_.nodes) {
      if (node.parent < 0) continue;
      const PageNode& above = page_.nodes[static_cast<std::size_t>(node.parent)];
      node.struck = node.struck || above.struck || node.tag == "s" || node.tag == "del" || node.tag == "strike";
      if (node.font_size_px == 0) node.font_size_px = above.font_size_px;
      const bool is_text = node.tag.empty() || node.tag.starts_with("::");
      if (!is_text || !node.rect) continue;
      const Rect& box = *node.rect;
      const bool inked = box.w > 0 && box.h > 0 && node.font_size_px > 0;
      node.visible = node.visible && inked && box.x + box.w > 0 && box.y + box.h > 0;
    }
  }

  const Json& document_;
  const Strings& strings_;
  Page page_;
};

}  // namespace

Result<Page> page_from_snapshot(const Json& snapshot) {
  const Json& documents = member_at(snapshot, "documents");
  const Json& table = member_at(snapshot, "strings");
  if (!documents.is_array() || documents.empty() || !table.is_array()) return broken("it has no documents and strings");
  const Strings strings(table);
  return SnapshotReader(documents[0], strings).read();
}

}  // namespace netsampler
