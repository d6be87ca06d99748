#include "evidence/corroborate/dom_view.h"

#include <algorithm>

#include "evidence/base/json_at.h"
#include "evidence/corroborate/forms.h"

namespace netsampler::corroborate {
namespace {

constexpr std::size_t kNodeLimit = 500'000, kPieceLimit = 200'000;
constexpr int kAnchorsUp = 3;
constexpr std::size_t kAnchorBytes = 120;

std::string string_at(const Json& table, std::int64_t at) {
  const bool there = at >= 0 && static_cast<std::size_t>(at) < table.size() && table[static_cast<std::size_t>(at)].is_string();
  return there ? table[static_cast<std::size_t>(at)].get<std::string>() : "";
}

int pixels(const Json& value) { return value.is_number() ? static_cast<int>(std::clamp(value.get<double>(), -1e6, 1e6)) : 0; }

Rect rect_of(const Json& list, std::size_t at) {
  if (!list.is_array() || at >= list.size() || !list[at].is_array() || list[at].size() != 4) return {};
  const Json& sides = list[at];
  return {pixels(sides[0]), pixels(sides[1]), pixels(sides[2]), pixels(sides[3])};
}

// `start` and `length` of a text box count UTF-16 units.
std::string utf16_part(const std::string& text, std::int64_t start, std::int64_t length) {
  std::u32string part;
  std::int64_t unit = 0;
  for (const char32_t c : code_points(text)) {
    if (unit >= start && unit < start + length) part.push_back(c);
    unit += c > 0xffff ? 2 : 1;
  }
  return utf8_of(part);
}

std::int64_t overlap(int a, int a_size, int b, int b_size) { return std::min<std::int64_t>(std::int64_t{a} + a_size, std::int64_t{b} + b_size) - std::max(a, b); }

bool mostly_in(const Rect& inner, const Rect& outer) {
  const auto width = overlap(inner.x, inner.width, outer.x, outer.width), height = overlap(inner.y, inner.height, outer.y, outer.height);
  return width > 0 && height > 0 && width * height * 2 > std::int64_t{inner.width} * inner.height;
}

Rect hull(const Rect& a, const Rect& b) {
  const int x = std::min(a.x, b.x), y = std::min(a.y, b.y);
  return {x, y, std::max(a.x + a.width, b.x + b.width) - x, std::max(a.y + a.height, b.y + b.height) - y};
}

// The piece goes on the line: side by side, not one below the other.
bool is_beside(const TextLine& line, const Rect& piece) {
  const auto shared = overlap(line.rect.y, line.rect.height, piece.y, piece.height);
  return shared * 2 > std::min(line.rect.height, piece.height);
}

}  // namespace

Result<DomView> DomView::read(ByteView dom_json) {
  const auto parsed = parse_any(as_text(dom_json));
  if (!parsed.ok() || !member_at(*parsed, "documents").is_array() || member_at(*parsed, "documents").empty())
    return fail(ErrorKind::invalid, "not a DOM snapshot");
  const Json &strings = member_at(*parsed, "strings"), &document = member_at(*parsed, "documents")[0];
  const Json &nodes = member_at(document, "nodes"), &parents = member_at(nodes, "parentIndex"), &values = member_at(nodes, "nodeValue");
  if (!parents.is_array() || parents.size() > kNodeLimit) return fail(ErrorKind::invalid, "a DOM snapshot of too many nodes");
  DomView view;
  view.scroll_x_ = pixels(member_at(document, "scrollOffsetX"));
  view.scroll_y_ = pixels(member_at(document, "scrollOffsetY"));
  view.marks_.resize(parents.size());
  for (std::size_t i = 0; i < parents.size(); ++i) {
    view.parents_.push_back(static_cast<int>(std::clamp<std::int64_t>(integer_at(parents, i, -1), -1, static_cast<std::int64_t>(i) - 1)));
    view.values_.push_back(string_at(strings, integer_at(values, i, -1)));
    const Json& all = member_at(nodes, "attributes");
    const Json none = Json::array();
    const Json& pairs = all.is_array() && i < all.size() ? all[i] : none;
    for (std::size_t a = 0; pairs.is_array() && a + 1 < pairs.size(); a += 2) {
      const std::string name = string_at(strings, integer_at(pairs, a, -1)), value = string_at(strings, integer_at(pairs, a + 1, -1));
      view.values_.push_back(value);
      if ((name == "class" || name == "id") && !value.empty() && value.size() < kAnchorBytes)
        for (const char* quote : {"\"", "'"}) view.marks_[i].push_back(name + "=" + quote + half_width(value) + quote);
    }
  }
  const Json &layout = member_at(document, "layout"), &boxes = member_at(document, "textBoxes"), &of = member_at(boxes, "layoutIndex");
  for (std::size_t i = 0; of.is_array() && i < of.size() && i < kPieceLimit; ++i) {
    const auto row = integer_at(of, i, -1);
    if (row < 0) continue;
    const Json& styles = member_at(layout, "styles");
    const auto at = static_cast<std::size_t>(row);
    const std::string visibility = styles.is_array() && at < styles.size() ? string_at(strings, integer_at(styles[at], 1, -1)) : "";
    const std::string text = string_at(strings, integer_at(member_at(layout, "text"), at, -1));
    const auto node = integer_at(member_at(layout, "nodeIndex"), at, -1);
    Piece piece{rect_of(member_at(boxes, "bounds"), i), utf16_part(text, integer_at(member_at(boxes, "start"), i, 0), integer_at(member_at(boxes, "length"), i, 0)),
                static_cast<std::size_t>(std::clamp<std::int64_t>(node, 0, static_cast<std::int64_t>(parents.size()) - 1))};
    const bool inked = piece.rect.width > 0 && piece.rect.height > 0 && !folded(piece.text).empty();
    if (inked && node >= 0 && visibility != "hidden" && visibility != "collapse") view.pieces_.push_back(std::move(piece));
  }
  return view;
}

std::vector<TextLine> DomView::lines_in(const Rect& rect) const {
  std::vector<const Piece*> inside;
  for (const Piece& piece : pieces_)
    if (mostly_in(piece.rect, rect)) inside.push_back(&piece);
  std::stable_sort(inside.begin(), inside.end(), [](const Piece* a, const Piece* b) { return a->rect.y + a->rect.height / 2 < b->rect.y + b->rect.height / 2; });
  std::vector<std::vector<const Piece*>> rows;
  std::vector<TextLine> lines;
  for (const Piece* piece : inside) {
    if (lines.empty() || !is_beside(lines.back(), piece->rect)) lines.push_back({piece->rect, ""}), rows.emplace_back();
    lines.back().rect = hull(lines.back().rect, piece->rect);
    rows.back().push_back(piece);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::stable_sort(rows[i].begin(), rows[i].end(), [](const Piece* a, const Piece* b) { return a->rect.x < b->rect.x; });
    int end = rows[i].front()->rect.x;
    for (const Piece* piece : rows[i]) {
      if (piece->rect.x - end > lines[i].rect.height / 2) lines[i].text += ' ';
      lines[i].text += piece->text;
      end = piece->rect.x + piece->rect.width;
    }
  }
  return lines;
}

bool DomView::has_anywhere(const std::string& folded_text) const {
  if (folded_text.empty()) return false;
  return std::any_of(values_.begin(), values_.end(), [&](const std::string& value) { return folded(value).find(folded_text) != std::string::npos; });
}

std::string DomView::all_text() const {
  std::string text;
  for (const std::string& value : values_)
    if (!value.empty()) text += value + "\n";
  return text;
}

std::vector<std::string> DomView::anchors_of(const Rect& rect) const {
  std::vector<std::string> anchors;
  for (const Piece& piece : pieces_) {
    if (!mostly_in(piece.rect, rect) || amounts_in(half_width(piece.text)).empty()) continue;
    int node = static_cast<int>(piece.node);
    for (int up = 0; up < kAnchorsUp && node >= 0; ++up, node = parents_[static_cast<std::size_t>(node)]) {
      const auto& marks = marks_[static_cast<std::size_t>(node)];
      if (marks.empty()) continue;
      anchors.insert(anchors.end(), marks.begin(), marks.end());
      break;  // only the nearest that has a name
    }
  }
  return anchors;
}

}  // namespace netsampler::corroborate
