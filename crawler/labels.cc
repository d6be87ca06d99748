#include "crawler/labels.h"

#include <algorithm>
#include <array>

#include "crawler/labels_table.h"
#include "crawler/price.h"

namespace netsampler {
namespace {

constexpr int kLicenceReach = 24, kConsigneeReach = 8;  // blocks around the label that makes generic words certain
constexpr std::size_t kMaxHits = 4000;  // a page with more labels is no page for a reader
constexpr int kMaxRightPx = 480, kMaxBelowPx = 48;

constexpr std::array<std::string_view, 22> kActions{"复制",     "复制单号", "复制订单号", "查看",     "查看物流", "修改",     "编辑",     "展开",
                                                    "收起",     "更多",     "详情",       "查看详情", "联系客服", "联系卖家", "进店",     "进店逛逛",
                                                    "进入店铺", "关注",     "收藏",       "切换",     "查看全部", "去支付"};

struct Hit {
  std::string fact;                       // of a price label; else empty
  const LabelWord* word = nullptr;
  std::size_t block = 0, begin = 0, end = 0;  // end: after the colon
};

bool piece_begins(const TextBlock& block, std::size_t at) {
  return std::any_of(block.pieces.begin(), block.pieces.end(), [&](const TextPiece& piece) { return piece.begin == at; });
}

bool piece_ends(const TextBlock& block, std::size_t at) {
  return std::any_of(block.pieces.begin(), block.pieces.end(), [&](const TextPiece& piece) {
    return piece.end == at || (piece.end == at + 1 && block.text.text[at] == ' ');
  });
}

bool may_begin(const TextBlock& block, std::size_t at) {
  if (at == 0 || piece_begins(block, at)) return true;
  const std::string_view before = std::string_view(block.text.text).substr(0, at);
  for (std::string_view mark : {" ", ",", ";", "!", "。", "|", "、", "/", "(", "【", "·"})
    if (before.ends_with(mark)) return true;
  return false;
}

bool strong(const LabelWord& word) { return word.rows.front()->type != ValueType::text; }

// A label ends with a colon, or with its own text node, or (numbers, times, money) with a space before the value.
std::optional<std::size_t> label_end(const TextBlock& block, std::size_t begin, const LabelMatch& match) {
  const std::string& text = block.text.text;
  std::size_t at = match.end;
  while (at < text.size() && text[at] == ' ') ++at;
  if (at < text.size() && text[at] == ':') return at + 1;
  const bool own_node = (begin == 0 || piece_begins(block, begin)) && (match.end == text.size() || piece_ends(block, match.end));
  if (own_node) return match.end;
  if (begin == 0 && at > match.end && strong(*match.word)) return at;
  return std::nullopt;
}

std::vector<Hit> hits_of(const TextBlock& block, std::size_t index) {
  std::vector<Hit> hits;
  const std::string& text = block.text.text;
  for (std::size_t at = 0; at < text.size();) {
    const LabelMatch match = may_begin(block, at) ? match_label(text, at) : LabelMatch{};
    const auto end = match.word ? label_end(block, at, match) : std::nullopt;
    if (end) hits.push_back({"", match.word, index, at, *end});
    at = end ? std::max(*end, at + 1) : at + std::max<std::size_t>(code_point_bytes(text, at), 1);
  }
  return hits;
}

// A block that is nothing but a price label: its amount stands in another block.
std::optional<Hit> price_hit(const TextBlock& block, std::size_t index) {
  std::string_view text = trim(block.text.text);
  while (!text.empty() && (text.back() == ':' || text.back() == ' ')) text.remove_suffix(1);
  const std::string kind = block.control < 0 ? price_kind_of_label(text) : "";
  if (kind.empty()) return std::nullopt;
  return Hit{"price." + kind, nullptr, index, 0, block.text.text.size()};
}

// "店铺" above "¥9": the next box of another column, nobody's name.
bool is_amount(const std::string& value) {
  const auto prices = scan_prices(value, false);
  return prices.size() == 1 && prices.front().marked && prices.front().begin == 0 && prices.front().end == value.size();
}

class ValueFinder {
 public:
  ValueFinder(const Page& page, const std::vector<TextBlock>& blocks) : page_(page), blocks_(blocks) {
    for (std::size_t i = 0; i < blocks.size() && hits_.size() < kMaxHits; ++i) {
      auto hits = hits_of(blocks[i], i);
      if (hits.empty())
        if (const auto price = price_hit(blocks[i], i)) hits.push_back(*price);
      labels_.push_back(!hits.empty() && hits.front().begin == 0);
      hits_.insert(hits_.end(), hits.begin(), hits.end());
    }
    labels_.resize(blocks.size(), false);
  }

  std::vector<Labelled> find() {
    std::vector<Labelled> found;
    for (std::size_t i = 0; i < hits_.size(); ++i)
      if (auto labelled = value_of(i)) found.push_back(std::move(*labelled));
    return found;
  }

 private:
  std::optional<Labelled> value_of(std::size_t at) const {
    const Hit& hit = hits_[at];
    const LabelRow* row = hit.word ? row_of(hit) : nullptr;
    if (hit.word && !row) return std::nullopt;
    Labelled made;
    made.fact = row ? std::string(row->fact) : hit.fact;
    made.type = row ? row->type : ValueType::money;
    made.label_block = hit.block;
    const std::string& text = blocks_[hit.block].text.text;
    const bool next_in_block = at + 1 < hits_.size() && hits_[at + 1].block == hit.block;
    const std::size_t until = next_in_block ? hits_[at + 1].begin : text.size();
    if (!trim(std::string_view(text).substr(hit.end, until - hit.end)).empty()) return fill(made, hit.block, hit.end, until, 90);
    if (next_in_block) return std::nullopt;
    const auto [block, confidence] = beside(hit.block);
    if (block == kNone) return std::nullopt;
    return fill(made, block, 0, blocks_[block].text.text.size(), confidence);
  }

  const LabelRow* row_of(const Hit& hit) const {
    for (const LabelRow* row : hit.word->rows)
      if (row->context == LabelContext::any) return row;
    for (const LabelRow* row : hit.word->rows)
      if (row->context == LabelContext::licence ? near("licence.uscc", hit.block, kLicenceReach)
                                                : near("consignee.name", hit.block, kConsigneeReach))
        return row;
    return nullptr;
  }

  bool near(std::string_view anchor, std::size_t block, int reach) const {
    return std::any_of(hits_.begin(), hits_.end(), [&](const Hit& hit) {
      if (!hit.word || hit.word->rows.front()->fact != anchor || hit.word->rows.front()->context != LabelContext::any) return false;
      const auto distance = static_cast<std::int64_t>(hit.block) - static_cast<std::int64_t>(block);
      return distance <= reach && distance >= -reach;
    });
  }

  std::optional<Labelled> fill(Labelled made, std::size_t index, std::size_t begin, std::size_t end, int confidence) const {
    const TextBlock& block = blocks_[index];
    end = without_actions(block, begin, end);
    const std::string_view text = std::string_view(block.text.text).substr(begin, end - begin);
    const auto value = read_label_value(made.type, text);
    if (!value || (made.type == ValueType::text && is_amount(value->value))) return std::nullopt;
    made.block = index;
    made.begin = begin + value->begin;
    made.end = begin + value->end;
    made.confidence = confidence;
    // Codes and times by their folded form; running text as it is written.
    made.value = made.type == ValueType::text ? without_zero_width(block.text.raw_of(made.begin, made.end)) : value->value;
    return made;
  }

  static std::size_t without_actions(const TextBlock& block, std::size_t begin, std::size_t end) {
    for (auto piece = block.pieces.rbegin(); piece != block.pieces.rend(); ++piece) {
      if (piece->begin <= begin || piece->end < end) break;
      if (!is_action_word(trim(std::string_view(block.text.text).substr(piece->begin, piece->end - piece->begin)))) break;
      end = piece->begin;
    }
    return end;
  }

  static constexpr std::size_t kNone = ~std::size_t{0};
  using Beside = std::pair<std::size_t, int>;  // block and confidence

  Beside beside(std::size_t label) const {
    const int element = blocks_[label].element;
    if (const int cell = enclosing(page_, element, {"td", "th"}); cell >= 0) return beside_cell(label, cell);
    if (const int term = enclosing(page_, element, {"dt"}); term >= 0) return {first_in_sibling(term, "dd"), 90};
    return beside_block(label);
  }

  Beside beside_cell(std::size_t label, int cell) const {
    if (label + 1 < blocks_.size() && is_within(page_, blocks_[label + 1].element, cell) && usable(label + 1)) return {label + 1, 85};
    const auto cells = cells_of(page_.nodes[static_cast<std::size_t>(cell)].parent);
    const auto at = static_cast<std::size_t>(std::find(cells.begin(), cells.end(), cell) - cells.begin());
    if (at + 1 < cells.size() && !is_head_row(cells)) {
      const std::size_t next = first_in(cells[at + 1]);
      if (next != kNone && usable(next)) return {next, 90};
      if (next == kNone || !labels_[next]) return {kNone, 0};
    }
    return {in_row_below(cell, at), 80};
  }

  std::vector<int> cells_of(int row) const {
    std::vector<int> cells;
    for (int child : children_of(page_, row)) {
      const std::string& tag = page_.nodes[static_cast<std::size_t>(child)].tag;
      if (tag == "td" || tag == "th") cells.push_back(child);
    }
    return cells;
  }

  bool is_head_row(const std::vector<int>& cells) const {
    return cells.size() > 2 && std::all_of(cells.begin(), cells.end(), [&](int cell) {
             return page_.nodes[static_cast<std::size_t>(cell)].tag == "th";
           });
  }

  // Below a head row: the same column of the only row there; of several rows none is meant.
  std::size_t in_row_below(int cell, std::size_t column) const {
    const int row = page_.nodes[static_cast<std::size_t>(cell)].parent;
    const int table = enclosing(page_, row, {"table"});
    std::size_t found = kNone;
    for (std::size_t i = static_cast<std::size_t>(row) + 1; i < page_.nodes.size() && is_within(page_, static_cast<int>(i), table); ++i) {
      if (page_.nodes[i].tag != "tr" || enclosing(page_, static_cast<int>(i), {"table"}) != table) continue;
      const auto cells = cells_of(static_cast<int>(i));
      if (cells.size() != cells_of(row).size() || found != kNone) return kNone;
      found = first_in(cells[column]);
      if (found == kNone || !usable(found)) return kNone;
    }
    return found;
  }

  std::size_t first_in_sibling(int node, std::string_view tag) const {
    for (int sibling : children_of(page_, page_.nodes[static_cast<std::size_t>(node)].parent)) {
      if (sibling <= node || page_.nodes[static_cast<std::size_t>(sibling)].tag.empty()) continue;
      if (page_.nodes[static_cast<std::size_t>(sibling)].tag != tag) return kNone;
      const std::size_t block = first_in(sibling);
      return block != kNone && usable(block) ? block : kNone;
    }
    return kNone;
  }

  std::size_t first_in(int node) const {
    const auto block = std::partition_point(blocks_.begin(), blocks_.end(),
                                            [&](const TextBlock& each) { return each.pieces.front().node < node; });
    if (block == blocks_.end() || !is_within(page_, block->pieces.front().node, node)) return kNone;
    return static_cast<std::size_t>(block - blocks_.begin());
  }

  bool usable(std::size_t block) const {
    return !labels_[block] && blocks_[block].control < 0 && !is_action_word(trim(blocks_[block].text.text));
  }

  Beside beside_block(std::size_t label) const {
    const auto from = rect_of(page_, blocks_[label]);
    const std::size_t next = label + 1;
    if (next < blocks_.size() && usable(next) && close_kin(label, next)) {
      const auto to = rect_of(page_, blocks_[next]);
      if (!from || !to || is_right_of(*from, *to) || is_below(*from, *to)) return {next, 85};
    }
    return from ? drawn_beside(label, *from) : Beside{kNone, 0};
  }

  // Label and value are siblings or cousins, not parts of different sections of the page.
  bool close_kin(std::size_t a, std::size_t b) const {
    int ancestor = blocks_[a].element;
    for (int level = 0; level < 3 && ancestor >= 0; ++level) {
      const std::string& tag = page_.nodes[static_cast<std::size_t>(ancestor)].tag;
      if (is_within(page_, blocks_[b].element, ancestor)) return tag != "body" && tag != "html";
      ancestor = page_.nodes[static_cast<std::size_t>(ancestor)].parent;
    }
    return false;
  }

  static bool is_right_of(const Rect& from, const Rect& to) {
    const int overlap = std::min(from.y + from.h, to.y + to.h) - std::max(from.y, to.y);
    const int gap = to.x - (from.x + from.w);
    return overlap * 2 > std::min(from.h, to.h) && gap >= -2 && gap <= kMaxRightPx;
  }
  static bool is_below(const Rect& from, const Rect& to) {
    const int gap = to.y - (from.y + from.h);
    const int overlap = std::min(from.x + from.w, to.x + to.w) - std::max(from.x, to.x);
    return gap >= -2 && gap <= kMaxBelowPx && overlap > 0;
  }

  Beside drawn_beside(std::size_t label, const Rect& from) const {
    std::size_t best = kNone;
    int best_gap = kMaxRightPx + 1;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const auto to = i == label ? std::nullopt : rect_of(page_, blocks_[i]);
      if (!to || !is_right_of(from, *to) || to->x - (from.x + from.w) >= best_gap) continue;
      best = i;
      best_gap = to->x - (from.x + from.w);
    }
    return best != kNone && usable(best) ? Beside{best, 75} : Beside{kNone, 0};
  }

  const Page& page_;
  const std::vector<TextBlock>& blocks_;
  std::vector<Hit> hits_;
  std::vector<bool> labels_;
};

}  // namespace

std::vector<Labelled> find_labels(const Page& page, const std::vector<TextBlock>& blocks) { return ValueFinder(page, blocks).find(); }

bool begins_with_label(const TextBlock& block) {
  const auto hits = hits_of(block, 0);
  return (!hits.empty() && hits.front().begin == 0) || price_hit(block, 0).has_value();
}

bool is_action_word(std::string_view folded) { return std::find(kActions.begin(), kActions.end(), folded) != kActions.end(); }

}  // namespace netsampler
