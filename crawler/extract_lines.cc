// The goods of an order: from a table with a head row, from structured data, or from repeated boxes with "×2" in them.
#include <algorithm>
#include <map>

#include "crawler/extract_parts.h"
#include "crawler/price.h"

namespace netsampler {
namespace {

constexpr std::size_t kMaxLines = 200;
constexpr std::int64_t kMaxQuantity = 99'999;

const PageNode& node_at(const PageView& view, int index) { return view.page.nodes[static_cast<std::size_t>(index)]; }

// "×2", "x 2", "2", "2件", "数量：2"; none for anything else.
std::optional<std::int64_t> read_quantity(std::string_view text, bool sign_needed) {
  text = trim(text);
  bool sign = false;
  for (std::string_view mark : {"数量", ":", " ", "×", "x", "X", "*", " "})
    if (text.starts_with(mark)) {
      text.remove_prefix(mark.size());
      sign = sign || mark != " ";
    }
  std::size_t digits = 0;
  std::int64_t value = 0;
  for (; digits < text.size() && is_ascii_digit(text[digits]) && value <= kMaxQuantity; ++digits) value = value * 10 + (text[digits] - '0');
  const std::string_view unit = trim(text.substr(digits));
  const bool unit_fits = unit.empty() || unit == "件" || unit == "个" || unit == "盒" || unit == "袋" || unit == "瓶";
  if (digits == 0 || value == 0 || value > kMaxQuantity || !unit_fits || (sign_needed && !sign)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> read_unit_price(const PageView& view, const std::vector<std::size_t>& blocks, bool alone) {
  for (std::size_t block : blocks) {
    if (view.blocks[block].struck) continue;
    for (const Price& price : scan_prices(text_of(view, block), alone))
      if (!price.high_minor && (price.marked || alone)) return price.amount_minor;
  }
  return std::nullopt;
}

std::string sku_below(const PageView& view, int node) {
  for (const Labelled& label : view.labels)
    if (label.fact == "product.sku" && is_within(view.page, view.blocks[label.block].element, node)) return label.value;
  return "";
}

std::string title_in(const PageView& view, const std::vector<std::size_t>& blocks) {
  for (const bool link_only : {true, false})
    for (std::size_t block : blocks) {
      const TextBlock& each = view.blocks[block];
      if (link_only && enclosing(view.page, each.pieces.front().node, {"a"}) < 0) continue;
      if (each.control >= 0 || code_points(each.text.text) < 4 || begins_with_label(each)) continue;
      if (read_quantity(each.text.text, false) || !scan_prices(each.text.text, false).empty()) continue;
      return each.text.raw_of(0, each.text.text.size());
    }
  return "";
}

enum Column { kTitle, kSku, kUnit, kQuantity };

std::optional<Column> column_of(std::string_view head) {
  constexpr std::pair<std::string_view, Column> kHeads[] = {
      {"商品信息", kTitle}, {"商品名称", kTitle}, {"商品", kTitle}, {"宝贝", kTitle}, {"宝贝信息", kTitle}, {"品名", kTitle}, {"货品名称", kTitle},
      {"SKU", kSku},        {"SKU编号", kSku},    {"单价", kUnit},  {"单价(元)", kUnit}, {"商品价格", kUnit}, {"商品单价", kUnit}, {"数量", kQuantity}, {"购买数量", kQuantity}, {"件数", kQuantity}};
  for (const auto& [word, column] : kHeads)
    if (head == word) return column;
  return std::nullopt;
}

std::vector<int> cells_of(const PageView& view, int row) {
  std::vector<int> cells;
  for (int child : children_of(view.page, row))
    if (node_at(view, child).tag == "td" || node_at(view, child).tag == "th") cells.push_back(child);
  return cells;
}

using Columns = std::map<Column, std::size_t>;

Columns read_head(const PageView& view, int row) {
  Columns columns;
  const auto cells = cells_of(view, row);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto column = column_of(trim(fold(text_below(view.page, cells[i]))));
    if (column) columns.emplace(*column, i);
  }
  return columns;
}

OrderLine read_row(const PageView& view, const std::vector<int>& cells, const Columns& columns, int row) {
  const auto blocks = [&](Column column) {
    const auto found = columns.find(column);
    return found == columns.end() ? std::vector<std::size_t>{} : blocks_below(view, cells[found->second]);
  };
  OrderLine line;
  line.title = title_in(view, blocks(kTitle));
  if (const auto sku = blocks(kSku); !sku.empty()) line.sku = std::string(trim(text_of(view, sku.front())));
  if (line.sku.empty()) line.sku = sku_below(view, row);
  line.unit_minor = read_unit_price(view, blocks(kUnit), true);
  if (const auto quantity = blocks(kQuantity); !quantity.empty()) line.quantity = read_quantity(text_of(view, quantity.front()), false);
  return line;
}

void read_tables(const PageView& view, std::vector<OrderLine>& lines) {
  Columns columns;
  std::size_t width = 0;
  int table = -1;
  for (std::size_t i = 0; i < view.page.nodes.size() && lines.size() < kMaxLines; ++i) {
    if (view.page.nodes[i].tag != "tr" || !view.page.nodes[i].visible) continue;
    const int row = static_cast<int>(i), own = enclosing(view.page, row, {"table"});
    const auto cells = cells_of(view, row);
    const Columns head = read_head(view, row);
    if (head.contains(kTitle) && (head.contains(kUnit) || head.contains(kQuantity))) {
      columns = head;
      width = cells.size();
      table = own;
    } else if (own == table && table >= 0 && cells.size() == width) {
      OrderLine line = read_row(view, cells, columns, row);
      if (!line.title.empty()) lines.push_back(std::move(line));
    }
  }
}

// The smallest box around "×2" that also holds a title and a price.
void read_boxes(const PageView& view, std::vector<OrderLine>& lines) {
  for (std::size_t i = 0; i < view.blocks.size() && lines.size() < kMaxLines; ++i) {
    const auto quantity = view.blocks[i].control < 0 && !view.aside[i] ? read_quantity(text_of(view, i), true) : std::nullopt;
    if (!quantity) continue;
    int at = view.blocks[i].element;
    for (int level = 0; level < 4 && at >= 0; ++level, at = node_at(view, at).parent) {
      const auto blocks = blocks_below(view, at);
      OrderLine line{title_in(view, blocks), sku_below(view, at), quantity, read_unit_price(view, blocks, false)};
      if (line.title.empty() || !line.unit_minor) continue;
      lines.push_back(std::move(line));
      break;
    }
  }
}

void read_structured(const PageView& view, std::vector<OrderLine>& lines) {
  for (const StructuredObject& order : objects_of(view.items, "Order"))
    for (const Json* item : structured_list(*order.object, "orderedItem")) {
      const auto nested = structured_list(*item, "orderedItem");
      const Json& thing = nested.empty() ? *item : *nested.front();
      OrderLine line{structured_text(thing, "name"), structured_text(thing, "sku"), std::nullopt, std::nullopt};
      line.quantity = read_quantity(structured_text(*item, "orderQuantity"), false);
      if (const auto price = read_price(structured_text(*item, "price"))) line.unit_minor = price->amount_minor;
      if (!line.title.empty() && lines.size() < kMaxLines) lines.push_back(std::move(line));
    }
}

// The line as one fact: JSON of what is known of it.
Fact line_fact(const PageView& view, const OrderLine& line, const char* from, int confidence) {
  Json value{{"title", line.title}};
  if (!line.sku.empty()) value["sku"] = line.sku;
  if (line.quantity) value["quantity"] = *line.quantity;
  if (line.unit_minor) value["unit_minor"] = *line.unit_minor;
  Fact fact = structured_fact(view, "order.line", line.title, from);
  fact.value = print(value);
  fact.confidence = confidence;
  fact.item = item_of(view.kind, fact.name);
  return fact;
}

}  // namespace

void extract_lines(const PageView& view, Facts& facts) {
  const char* from = "text";
  int confidence = 85;
  read_tables(view, facts.lines);
  if (facts.lines.empty()) read_boxes(view, facts.lines);
  if (facts.lines.empty()) {
    read_structured(view, facts.lines);
    from = "jsonld";
    confidence = 65;
  }
  for (const OrderLine& line : facts.lines) facts.facts.push_back(line_fact(view, line, from, confidence));
}

}  // namespace netsampler
