#include "evidence/corroborate/expected.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace netsampler::corroborate {
namespace {

constexpr std::array<std::string_view, 9> kCodes = {"licence.uscc", "order.no",       "payment.serial", "parcel.waybill",  "product.number",
                                                    "shop.id",      "consignee.phone", "licence.number", "product.barcode"};
constexpr std::array<std::string_view, 3> kDates = {"order.placed_at", "payment.paid_at", "licence.established"};
constexpr std::array<std::string_view, 4> kGrave = {"price.", "order.", "payment.", "licence."};

bool is_one_of(const auto& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

// order.line is JSON text: its title is what can be looked for.
std::string text_of(const std::string& name, const Json& value, const std::string& raw) {
  const std::string text = value.is_string() ? value.get<std::string>() : raw;
  if (name == "order.line")
    if (const auto line = parse_any(text, {65536, 8}); line.ok() && line->is_object()) return string_or(*line, "title", "");
  return is_one_of(kDates, name) && !raw.empty() ? raw : text;
}

}  // namespace

Expected expected_of(const std::string& name, const Json& value, const std::string& raw) {
  Expected expected;
  if (value.is_number_integer()) {
    expected.form = Form::money;
    expected.minor = value.get<std::int64_t>();
    return expected;
  }
  expected.text = text_of(name, value, raw);
  if (is_one_of(kCodes, name)) expected.form = Form::code;
  if (expected.text.find("://") != std::string::npos) expected.form = Form::address;
  return expected;
}

bool is_grave(const std::string& name) {
  return std::any_of(kGrave.begin(), kGrave.end(), [&](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace netsampler::corroborate
