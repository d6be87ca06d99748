// Fields of a licence from characters that were read off its sheet: rows are put together, captions (名 称, 法定代表人 …) found in them,
// values taken right of a caption and below. Pure; bounded by the number of characters. What has no caption is not guessed.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "evidence/vision/text.h"

namespace netsampler {

// Characters that stand side by side, left to right, however wide the gaps between them.
using LicenceRow = std::vector<TextSymbol>;

struct LicenceField {
  std::string name;    // as in the command's JSON ("name", "type", "legal_representative" …), or "number" for any line with a number's caption
  std::string value;   // without spaces; brackets full-width, as licences have them
  Rect rect;           // of the value's first line, in the picture that was read
  int confidence = 0;  // 0…100: the engine's mean over the value's characters
};

// Top to bottom. The picture's lines must lie level.
std::vector<LicenceRow> licence_rows(std::vector<TextSymbol> symbols);
// A row's parts between gaps of more than two characters.
std::vector<LicenceRow> cells_of(const LicenceRow& row);
// All of a cell as one field's value.
LicenceField field_of(const LicenceRow& cell, const std::string& name);
// From top to bottom; the first value of each.
std::vector<LicenceField> licence_fields(const std::vector<LicenceRow>& rows);
// How many different captions are there: tells a licence that stands upright from one that does not.
int caption_count(const std::vector<LicenceRow>& rows);
// "name" as it is compared and given out: no spaces, no stray marks at its ends, full-width brackets, nothing that cannot be seen.
std::string licence_name(std::string_view read);
// Zero-width characters and changes of direction: a name that has them is not what it seems.
bool has_hidden_characters(std::string_view text);
// Does it end as companies and shops do (有限公司, 经营部, 店 …)?
bool ends_as_a_name(std::string_view name);

struct NumberLine {
  std::string text;  // ASCII letters and digits alone
  Rect rect;
};
// Rows' stretches of 13 to 30 letters and digits, likeliest first (a number's caption beside or above); at most 4.
std::vector<NumberLine> number_lines(const std::vector<LicenceRow>& rows);

}  // namespace netsampler
