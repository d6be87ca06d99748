// One fact as it is looked for: which kind of thing it is decides what counts as the same.
#pragma once
#include <cstdint>
#include <string>

#include "evidence/base/json.h"

namespace netsampler::corroborate {

enum class Form {
  money,   // the same 分: 12.80 = ￥12.8
  code,    // letter by letter: numbers of licences, orders, goods, parcels
  text,    // names and the like: full and half width and white space are the same
  address  // a link: never shown as such
};

struct Expected {
  Form form = Form::text;
  std::int64_t minor = 0;  // of money
  std::string text;        // of the others: the fact's value; of dates as the page shows it
};

// `value` and `raw` as the fact's openings have them. Text that says nothing (empty, or only signs) gives an empty `text`.
Expected expected_of(const std::string& name, const Json& value, const std::string& raw);
// Facts for whose contradiction a finding is made: prices, orders, payments, licences.
bool is_grave(const std::string& name);

}  // namespace netsampler::corroborate
