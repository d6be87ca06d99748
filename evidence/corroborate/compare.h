// Does a text say what a fact says? Pure functions; the rules of docs/design.md, "Corroboration", by the fact's form.
#pragma once
#include <string_view>

#include "evidence/corroborate/answer.h"
#include "evidence/corroborate/expected.h"

namespace netsampler::corroborate {

// A text that stands where the fact stands (DOM): differs where that place has another amount, code or name. No text: not-found, always.
Answer compare_exact(const Expected& expected, std::string_view there);
// The same of a text that OCR read: codes by their look-alikes, names with at most 15 % of their characters wrong and no digit.
// `differs` only says that an amount or code of the same make was read: whoever asks must read it twice.
Answer compare_read(const Expected& expected, std::string_view read);

// The code stands in the text and no letter or digit touches it. Both folded.
bool has_token(std::string_view text, std::string_view code);
// Least share of `wanted`'s characters that are wrong where it stands best in `text`, 0 … 1; 1 where a digit would be wrong. Both folded.
double error_share(std::u32string_view wanted, std::u32string_view text);

}  // namespace netsampler::corroborate
