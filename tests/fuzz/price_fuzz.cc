// Price texts: a price lies in its text, is never negative, and a range grows.
#include "crawler/dom_text.h"
#include "crawler/price.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

namespace {

void check(const Price& price, std::size_t text_bytes) {
  constexpr std::int64_t kMost = (std::int64_t{1} << 53) - 1;
  fuzz::require(price.begin < price.end && price.end <= text_bytes, "a price lies in its text");
  fuzz::require(price.amount_minor >= 0 && price.amount_minor <= kMost, "an amount is not negative and can be written");
  fuzz::require(!price.high_minor || *price.high_minor > price.amount_minor, "a range grows");
  fuzz::require(price.currency.size() == 3 && !price.kind.empty(), "a price has currency and kind");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_from(data, size);
  const std::string folded = fold(text);
  fuzz::require(fold(folded) == folded, "folding is done once");
  for (const bool alone : {false, true}) {
    std::size_t last_end = 0;
    for (const Price& price : scan_prices(folded, alone)) {
      check(price, folded.size());
      fuzz::require(price.begin >= last_end, "prices stand left to right");
      last_end = price.end;
    }
  }
  (void)price_kind_of_label(folded);
  const Json json = price_json(text);
  fuzz::require(json.contains("raw") && json.contains("amount_minor"), "the line has its members");
  (void)canonical(json["raw"]);
  return 0;
}
