#include "crawler/dom_blocks.h"

#include <algorithm>

namespace netsampler {
namespace {

constexpr int kJoinGapPx = 4;  // closer than this on one line reads as one word, whatever boxes the text is in

const std::vector<std::string_view> kControls{"button", "option", "select", "textarea"};

const PageNode& node_at(const Page& page, int index) { return page.nodes[static_cast<std::size_t>(index)]; }

// Where the line that a text node stands in begins: the nearest element that is a block.
int line_of(const Page& page, int node) {
  int at = node_at(page, node).parent;
  while (at >= 0 && !node_at(page, at).block && is_inline_tag(node_at(page, at).tag)) at = node_at(page, at).parent;
  return at;
}

int control_of(const Page& page, int node) {
  for (; node >= 0; node = node_at(page, node).parent) {
    const PageNode& each = node_at(page, node);
    const std::string role = attribute_or(each, "role", "");
    if (role == "button" || role == "radio" || role == "option" || role == "tab") return node;
    if (!each.tag.empty() && std::find(kControls.begin(), kControls.end(), each.tag) != kControls.end()) return node;
  }
  return -1;
}

bool on_one_line(const Rect& a, const Rect& b) {
  const int overlap = std::min(a.y + a.h, b.y + b.h) - std::max(a.y, b.y);
  return overlap * 2 > std::min(a.h, b.h);
}

// Boxes of inline tags that style turned into blocks (flex items), drawn edge to edge.
bool drawn_together(const Page& page, int before, int after, int line_before, int line_after) {
  const auto& a = node_at(page, before).rect;
  const auto& b = node_at(page, after).rect;
  if (!a || !b || !on_one_line(*a, *b)) return false;
  const int gap = b->x - (a->x + a->w);
  const auto inline_tag = [&](int line) { return line >= 0 && is_inline_tag(node_at(page, line).tag); };
  return gap >= -1 && gap <= kJoinGapPx && (inline_tag(line_before) || inline_tag(line_after));
}

bool is_text(const PageNode& node) { return node.tag.empty() || (node.tag.starts_with("::") && !node.text.empty()); }

class BlockReader {
 public:
  explicit BlockReader(const Page& page) : page_(page) {}

  std::vector<TextBlock> read() {
    for (std::size_t i = 0; i < page_.nodes.size(); ++i) {
      const PageNode& node = page_.nodes[i];
      if (node.tag == "br" || node.tag == "hr" || node.tag == "img") broken_ = true;
      if (node.visible && is_text(node)) add(static_cast<int>(i));
    }
    finish();
    return std::move(blocks_);
  }

 private:
  void add(int node) {
    const PageNode& text = node_at(page_, node);
    if (trim(fold(text.text)).empty()) {
      if (!block_.pieces.empty()) block_.text.space();
      return;
    }
    const int line = line_of(page_, node), control = control_of(page_, node);
    if (!block_.pieces.empty() && !joins(node, line, control)) finish();
    if (block_.pieces.empty()) begin(node, line, control);
    else if (are_cents(node)) block_.text.mark('.');
    else if (another_thing(node)) block_.text.mark(' ');
    else if (apart(node)) block_.text.space();
    const std::size_t from = block_.text.text.size();
    block_.text.append(text.text);
    block_.font_size_px = std::max(block_.font_size_px, text.font_size_px);
    block_.pieces.push_back({node, from, block_.text.text.size()});
    last_ = node;
    line_ = line;
    broken_ = false;
  }

  bool joins(int node, int line, int control) const {
    const int link = enclosing(page_, node, {"a"}), link_before = enclosing(page_, last_, {"a"});
    if (link >= 0 && link_before >= 0 && link != link_before) return false;  // two links are two things
    if (broken_ || control != block_.control || node_at(page_, node).struck != block_.struck) return false;
    return line == line_ || drawn_together(page_, last_, node, line_, line);
  }

  // "¥19.90" and "2件起批", "juros" and "Economize" in boxes side by side: style sets them apart, and a page without layout does not tell.
  bool another_thing(int node) const {
    const std::string next = fold(node_at(page_, node).text);
    const std::string& before = block_.text.text;
    if (next.empty() || before.empty() || before.back() == ' ') return false;
    if (before.back() >= 'a' && before.back() <= 'z') return next[0] >= 'A' && next[0] <= 'Z' && enclosing_inline(node) != enclosing_inline(last_);
    if (!is_ascii_digit(before.back()) || !is_ascii_digit(next[0])) return false;
    const std::size_t size = before.size();
    const bool has_decimals = size >= 3 && (before[size - 3] == '.' || before[size - 3] == ',') && is_ascii_digit(before[size - 2]);
    return has_decimals || next.find_first_not_of("0123456789., ") != std::string::npos;
  }

  int enclosing_inline(int node) const { return node_at(page_, node).parent; }

  // "$12" and a raised or smaller "99" right behind it: twelve dollars and 99 cents.
  bool are_cents(int node) const {
    const std::string digits = fold(node_at(page_, node).text);
    const std::string& before = block_.text.text;
    if (digits.size() != 2 || !is_ascii_digit(digits[0]) || !is_ascii_digit(digits[1]) || !is_ascii_digit(before.back())) return false;
    const std::size_t run = before.find_last_not_of("0123456789");
    if (run != std::string::npos && before[run] == '.' && run + 4 > before.size()) return false;  // has its decimals
    const int size = node_at(page_, node).font_size_px, size_before = node_at(page_, last_).font_size_px;
    return is_raised(node) || (size > 0 && size * 10 <= size_before * 8);
  }

  bool is_raised(int node) const {
    for (int at = node_at(page_, node).parent; at >= 0 && at != line_; at = node_at(page_, at).parent) {
      const std::string names = lower_ascii(attribute_or(node_at(page_, at), "class", ""));
      if (node_at(page_, at).tag == "sup") return true;
      for (const char* word : {"cent", "fraction", "decimal"})
        if (names.find(word) != std::string::npos) return true;
    }
    return false;
  }

  bool apart(int node) const {
    const auto& a = node_at(page_, last_).rect;
    const auto& b = node_at(page_, node).rect;
    return a && b && on_one_line(*a, *b) && b->x - (a->x + a->w) > kJoinGapPx;
  }

  void begin(int node, int line, int control) {
    block_.element = line;
    block_.control = control;
    block_.struck = node_at(page_, node).struck;
  }

  void finish() {
    block_.text.trim_end();
    for (TextPiece& piece : block_.pieces) piece.end = std::min(piece.end, block_.text.text.size());
    if (!block_.pieces.empty()) blocks_.push_back(std::move(block_));
    block_ = TextBlock{};
  }

  const Page& page_;
  std::vector<TextBlock> blocks_;
  TextBlock block_;
  int last_ = -1, line_ = -1;
  bool broken_ = false;
};

Rect around(const Rect& a, const Rect& b) {
  const int x = std::min(a.x, b.x), y = std::min(a.y, b.y);
  return {x, y, std::max(a.x + a.w, b.x + b.w) - x, std::max(a.y + a.h, b.y + b.h) - y};
}

}  // namespace

std::vector<TextBlock> text_blocks(const Page& page) { return BlockReader(page).read(); }

std::optional<Rect> rect_of(const Page& page, const TextBlock& block, std::size_t begin, std::size_t end) {
  std::optional<Rect> whole;
  for (const TextPiece& piece : block.pieces) {
    const auto& rect = node_at(page, piece.node).rect;
    if (!rect || piece.end <= begin || piece.begin >= end) continue;
    whole = whole ? around(*whole, *rect) : *rect;
  }
  return whole;
}

std::optional<Rect> rect_of(const Page& page, const TextBlock& block) { return rect_of(page, block, 0, block.text.text.size()); }

}  // namespace netsampler
