#include <algorithm>

#include "crawler/extract_parts.h"
#include "crawler/price.h"

namespace netsampler {
namespace {

std::optional<Fact> structured_of(const PageView& view, const char* type, const std::string& name, const char* member) {
  for (const StructuredObject& each : objects_of(view.items, type)) {
    const std::string value = structured_text(*each.object, member);
    if (!value.empty()) return structured_fact(view, name, value, each.from);
  }
  return std::nullopt;
}

// A list of several orders or parcels names several numbers: then none of them is "the" number of this page.
bool several(const PageView& view, const std::string& name) {
  std::string value;
  for (const Labelled& label : view.labels) {
    if (label.fact != name) continue;
    if (!value.empty() && value != label.value) return true;
    value = label.value;
  }
  return false;
}

std::optional<Fact> only_one(const PageView& view, const std::string& name) {
  if (several(view, name)) return std::nullopt;
  return labelled_fact(view, name);
}

// The amount beside the label; a label that is a state (已付款) has none.
std::optional<Fact> money(const PageView& view, const std::string& name) {
  for (const Labelled& label : view.labels) {
    if (label.fact != name) continue;
    const std::string value = text_of(view, label.block).substr(label.begin, label.end - label.begin);
    const auto prices = scan_prices(value, true);
    if (prices.empty() || prices.front().high_minor) continue;
    Fact fact = visible_fact(view, name, "", label.block, label.begin, label.begin + prices.front().end, label.confidence);
    fact.value = prices.front().amount_minor;
    fact.currency = prices.front().currency;
    return fact;
  }
  return std::nullopt;
}

// "合计 ¥65.80": what is to be paid where no clearer word is said: the last one, below lines and freight.
std::optional<Fact> total(const PageView& view) {
  std::optional<Fact> last;
  for (const Labelled& label : view.labels) {
    if (label.fact != "order.total") continue;
    const auto prices = scan_prices(text_of(view, label.block).substr(label.begin, label.end - label.begin), true);
    if (prices.empty() || prices.front().high_minor) continue;
    last = visible_fact(view, "order.payable", "", label.block, label.begin, label.begin + prices.front().end, 75);
    last->value = prices.front().amount_minor;
    last->currency = prices.front().currency;
  }
  return last;
}

std::optional<Fact> structured_payable(const PageView& view) {
  for (const StructuredObject& each : objects_of(view.items, "Order"))
    for (const char* member : {"totalPaymentDue", "totalPrice"})
      for (const Json* due : structured_list(*each.object, member)) {
        const std::string raw = due->is_object() ? structured_text(*due, "price") : structured_text(*each.object, member);
        const auto price = read_price(raw);
        if (!price) continue;
        Fact fact = structured_fact(view, "order.payable", raw, each.from);
        fact.value = price->amount_minor;
        fact.currency = price->currency;
        return fact;
      }
  return std::nullopt;
}

struct Person {
  std::string name, phone, address;
};

// "张三 138****1234 重庆市…" behind one label: name, telephone number, address, in this order.
std::optional<Person> split_person(const std::string& text) {
  const std::size_t phone = text.find_first_of("0123456789+");
  if (phone == std::string::npos || phone == 0) return std::nullopt;
  std::size_t end = phone;
  while (end < text.size() && (is_ascii_digit(text[end]) || text[end] == '*' || text[end] == '-' || text[end] == '+')) ++end;
  if (end - phone < 8) return std::nullopt;
  const auto clean = [](std::string_view part) {
    while (!part.empty() && (part.front() == ' ' || part.front() == ',' || part.front() == ';')) part.remove_prefix(1);
    while (!part.empty() && (part.back() == ' ' || part.back() == ',' || part.back() == ';' || part.back() == '(')) part.remove_suffix(1);
    return std::string(part);
  };
  return Person{clean(std::string_view(text).substr(0, phone)), text.substr(phone, end - phone), clean(std::string_view(text).substr(end))};
}

void add_part(const PageView& view, Facts& facts, const Fact& whole, const char* name, const std::string& value) {
  if (value.empty() || find_fact(facts, name)) return;
  Fact part = whole;
  part.name = name;
  part.value = value;
  part.confidence = 75;
  merge_fact(view, facts, part, std::nullopt);
}

void extract_consignee(const PageView& view, Facts& facts) {
  auto name = labelled_fact(view, "consignee.name");
  const auto person = name ? split_person(name->raw) : std::nullopt;
  if (person) name->value = person->name;
  const auto whole = name;
  merge_fact(view, facts, std::move(name), std::nullopt);
  merge_fact(view, facts, labelled_fact(view, "consignee.phone"), std::nullopt);
  merge_fact(view, facts, labelled_fact(view, "consignee.address"), std::nullopt);
  if (!person) return;
  add_part(view, facts, *whole, "consignee.phone", person->phone);
  add_part(view, facts, *whole, "consignee.address", person->address);
}

}  // namespace

void extract_order(const PageView& view, Facts& facts) {
  if (several(view, "order.no")) return;  // whose time, whose amount?
  merge_fact(view, facts, only_one(view, "order.no"), structured_of(view, "Order", "order.no", "orderNumber"));
  merge_fact(view, facts, labelled_fact(view, "order.placed_at"), structured_of(view, "Order", "order.placed_at", "orderDate"));
  auto payable = money(view, "order.payable"), paid = money(view, "order.paid");
  if (!payable && !paid) payable = total(view);
  merge_fact(view, facts, std::move(payable), structured_payable(view));
  merge_fact(view, facts, std::move(paid), std::nullopt);
  merge_fact(view, facts, only_one(view, "payment.serial"), std::nullopt);
  for (const char* name : {"payment.method", "payment.paid_at", "payment.payee"}) merge_fact(view, facts, labelled_fact(view, name), std::nullopt);
  extract_consignee(view, facts);
}

void extract_parcel(const PageView& view, Facts& facts) {
  merge_fact(view, facts, only_one(view, "parcel.waybill"), structured_of(view, "ParcelDelivery", "parcel.waybill", "trackingNumber"));
  auto carrier = structured_of(view, "ParcelDelivery", "parcel.carrier", "carrier");
  if (!carrier) carrier = structured_of(view, "ParcelDelivery", "parcel.carrier", "provider");
  merge_fact(view, facts, labelled_fact(view, "parcel.carrier"), carrier);
}

}  // namespace netsampler
