// The words around a price in other languages than Chinese, as tables. All compare folded text, whole words, letters without regard to
// case (ASCII; other scripts are listed as shops write them).
#pragma once
#include <string_view>

#include "crawler/price_words.h"

namespace netsampler {

WordHit world_label_at_end(std::string_view text);    // "Was", "UVP", "Prix" …; meaning: the kind
std::size_t lowest_word_at_end(std::string_view text);  // "from", "ab", "desde" …: bytes, 0 where none
std::size_t range_word_at_start(std::string_view text); // "to", "bis", "до" …: bytes, 0 where none
bool refused_by_a_word_before(std::string_view text);   // "Save", "shipping", "4 payments of"
bool not_paid_by_a_word_after(std::string_view text);   // "off", "shipping"
bool per_month_at_start(std::string_view text);           // "/mo", "pro Monat": an instalment or a subscription
bool says_free(std::string_view text);                  // the whole text: "Free!", "Gratis"

}  // namespace netsampler
