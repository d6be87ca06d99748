// A list of orders: each with its own number, time and amount, from a table with a head row or from boxes that repeat.
#include <algorithm>
#include <array>
#include <map>

#include "crawler/extract_parts.h"
#include "crawler/labels_table.h"
#include "crawler/price.h"

namespace netsampler {
namespace {

constexpr std::size_t kMaxOrders = 200, kMaxBoxBlocks = 400;  // one order shows fewer texts than this
constexpr int kMaxLevels = 16;

const PageNode& node_at(const PageView& view, int index) { return view.page.nodes[static_cast<std::size_t>(index)]; }

struct Span {
  std::size_t begin = 0, end = 0;  // blocks
};

// The blocks of the largest box around the number that holds no other order's number.
Span box_of(const PageView& view, const Labelled& number, const std::vector<const Labelled*>& numbers) {
  Span span{number.label_block, number.block + 1};
  int at = view.blocks[number.label_block].element;
  for (int level = 0; level < kMaxLevels && at >= 0; ++level, at = node_at(view, at).parent) {
    const auto blocks = blocks_below(view, at);
    if (blocks.empty()) continue;
    if (blocks.size() > kMaxBoxBlocks) return span;
    for (const Labelled* other : numbers)
      if (other->value != number.value && other->label_block >= blocks.front() && other->label_block <= blocks.back()) return span;
    span = {std::min(span.begin, blocks.front()), std::max(span.end, blocks.back() + 1)};
  }
  return span;
}

std::optional<std::int64_t> amount_in(const PageView& view, const Span& span, const std::string& fact) {
  std::optional<std::int64_t> last;
  for (const Labelled& label : view.labels) {
    if (label.fact != fact || label.label_block < span.begin || label.label_block >= span.end) continue;
    const std::string value = text_of(view, label.block).substr(label.begin, label.end - label.begin);
    const auto prices = scan_prices(value, true);
    if (!prices.empty() && !prices.front().high_minor) last = prices.front().amount_minor;
  }
  return last;
}

std::string text_in(const PageView& view, const Span& span, const std::string& fact) {
  for (const Labelled& label : view.labels)
    if (label.fact == fact && label.label_block >= span.begin && label.label_block < span.end) return label.value;
  return "";
}

ListedOrder read_box(const PageView& view, const Span& span, const std::string& number) {
  ListedOrder order{number, text_in(view, span, "order.placed_at"), amount_in(view, span, "order.payable"), amount_in(view, span, "order.paid")};
  if (!order.payable_minor && !order.paid_minor) order.payable_minor = amount_in(view, span, "order.total");
  return order;
}

void read_boxes(const PageView& view, std::vector<ListedOrder>& orders) {
  std::vector<const Labelled*> numbers;
  for (const Labelled& label : view.labels) {
    const bool known = std::any_of(numbers.begin(), numbers.end(), [&](const Labelled* each) { return each->value == label.value; });
    if (label.fact == "order.no" && !known && numbers.size() < kMaxOrders) numbers.push_back(&label);
  }
  if (numbers.size() < 2) return;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    Span span = box_of(view, *numbers[i], numbers);
    ListedOrder order = read_box(view, span, numbers[i]->value);
    // Head and goods in boxes side by side: up to the next order's head.
    if (!order.payable_minor && !order.paid_minor) {
      span.end = i + 1 < numbers.size() ? numbers[i + 1]->label_block : view.blocks.size();
      if (span.begin < span.end) order = read_box(view, span, numbers[i]->value);
    }
    orders.push_back(std::move(order));
  }
}

enum Column { kNumber, kTime, kPayable, kPaid };

std::optional<Column> column_of(std::string_view head) {
  constexpr std::pair<std::string_view, Column> kHeads[] = {
      {"订单号", kNumber}, {"订单编号", kNumber}, {"订单号码", kNumber}, {"下单时间", kTime}, {"创建时间", kTime}, {"订单时间", kTime}, {"订单总金额", kPayable}, {"订单金额", kPayable}, {"应付金额", kPayable},
      {"订单总额", kPayable}, {"总金额", kPayable}, {"金额", kPayable}, {"总价", kPayable}, {"实付款", kPaid}, {"实付金额", kPaid}, {"支付金额", kPaid}};
  for (const auto& [word, column] : kHeads)
    if (head == word) return column;
  return std::nullopt;
}

std::vector<std::string> cells_of(const PageView& view, int row) {
  std::vector<std::string> cells;
  for (int child : children_of(view.page, row)) {
    const std::string& tag = node_at(view, child).tag;
    if (tag != "td" && tag != "th") continue;
    const auto blocks = blocks_below(view, child);
    cells.push_back(blocks.empty() ? "" : std::string(trim(text_of(view, blocks.front()))));
  }
  return cells;
}

using Columns = std::map<Column, std::size_t>;

Columns read_head(const std::vector<std::string>& cells) {
  Columns columns;
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (const auto column = column_of(cells[i])) columns.emplace(*column, i);
  return columns;
}

ListedOrder read_row(const std::vector<std::string>& cells, const Columns& columns) {
  ListedOrder order;
  for (const auto& [column, at] : columns) {
    const auto prices = scan_prices(cells[at], true);
    if (column == kNumber)
      if (const auto number = read_label_value(ValueType::code, cells[at])) order.order_no = number->value;
    if (column == kTime)
      if (const auto time = read_label_value(ValueType::time, cells[at])) order.placed_at = time->value;
    if (column == kPayable && !prices.empty()) order.payable_minor = prices.front().amount_minor;
    if (column == kPaid && !prices.empty()) order.paid_minor = prices.front().amount_minor;
  }
  return order;
}

void read_tables(const PageView& view, std::vector<ListedOrder>& orders) {
  Columns columns;
  std::size_t width = 0;
  int table = -1;
  for (std::size_t i = 0; i < view.page.nodes.size() && orders.size() < kMaxOrders; ++i) {
    if (view.page.nodes[i].tag != "tr" || !view.page.nodes[i].visible) continue;
    const int row = static_cast<int>(i), own = enclosing(view.page, row, {"table"});
    const auto cells = cells_of(view, row);
    const Columns head = read_head(cells);
    if (head.contains(kNumber) && head.size() >= 2) {
      columns = head;
      width = cells.size();
      table = own;
    } else if (own == table && table >= 0 && cells.size() == width) {
      ListedOrder order = read_row(cells, columns);
      if (!order.order_no.empty()) orders.push_back(std::move(order));
    }
  }
}

Json order_json(const ListedOrder& order) {
  Json value{{"order_no", order.order_no}};
  if (!order.placed_at.empty()) value["placed_at"] = order.placed_at;
  if (order.payable_minor) value["payable_minor"] = *order.payable_minor;
  if (order.paid_minor) value["paid_minor"] = *order.paid_minor;
  return value;
}

}  // namespace

void extract_order_list(const PageView& view, Facts& facts) {
  read_tables(view, facts.orders);
  if (facts.orders.empty()) read_boxes(view, facts.orders);
  if (facts.orders.size() < 2) facts.orders.clear();  // one order is the page's own
  for (const ListedOrder& order : facts.orders) {
    Fact fact = structured_fact(view, "order.listed", order.order_no, "text");
    fact.value = print(order_json(order));
    fact.confidence = 85;
    fact.item = item_of(view.kind, fact.name);
    facts.facts.push_back(std::move(fact));
  }
}

}  // namespace netsampler
