// A line of private.jsonl: an opening computes its leaf; withheld, it keeps it.
#include "evidence/format/private.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto opening = parse_opening(fuzz::text_from(data, size));
  if (!opening.ok()) return 0;
  fuzz::require(opening->seq >= 0 && opening->index >= 0, "numbers from 0");
  if (!opening->withheld)
    fuzz::require(opening->leaf == opening_leaf(opening->salt, opening->field, opening->value), "the leaf follows from the opening");
  const auto masked = parse_opening(withheld_line(*opening));
  fuzz::require(masked.ok() && masked->withheld && masked->leaf == opening->leaf, "masking keeps the leaf");
  return 0;
}
