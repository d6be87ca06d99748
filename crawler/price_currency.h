// Currencies as they are written beside a number, over the world: which one a sign or word means, and how it counts.
#pragma once
#include <string>
#include <string_view>

#include "crawler/price_words.h"

namespace netsampler {

// Both on folded text; the longest sign wins. `meaning` is the ISO 4217 code; a sign of several countries ($, kr, ¥, Rs) gives the
// commonest one.
WordHit currency_at_end(std::string_view text);    // before the number: "¥", "US$", "R$", "EUR"
WordHit currency_at_start(std::string_view text);  // behind the number: "元", "€", "zł", "руб."
// Is the sign one that several countries share, so that a code behind the number ("$12.99 CAD") decides?
bool shared_sign(std::string_view sign);
// Digits behind the point of a currency: 0 (yen, won, dong …), 3 (dinars of Kuwait, Bahrain …), else 2.
int minor_digits_of(std::string_view currency);
// A text with kana, 円 or 税込 is Japanese: its "¥" are yen.
bool speaks_japanese(std::string_view folded);
// A text with a Chinese character: numbers in it are written the Chinese way (point before the decimals, commas in threes).
bool has_han(std::string_view folded);

}  // namespace netsampler
