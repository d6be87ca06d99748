// The words around a price, as tables: which kind a label names, and what turns a number into something else than a price.
#pragma once
#include <string_view>

namespace netsampler {

struct WordHit {
  std::string_view meaning;    // empty: no hit
  std::size_t bytes = 0;       // of the word in the text
};

// All compare folded text; ASCII letters without regard to case. The longest word wins.
WordHit price_label_at_end(std::string_view text);    // meaning: the kind
WordHit price_label_at_start(std::string_view text);  // Chinese labels alone
bool refused_before(std::string_view text);           // ends with a word like 满, 减, 运费
bool not_paid_after(std::string_view text);           // begins with a word like 优惠券, 减, /期
bool unit_after(std::string_view text);               // begins with a word like 折, 件, 年

}  // namespace netsampler
