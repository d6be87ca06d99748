// The number on a licence from several readings of it. A wrong number that passes its check digit is the worst error there is, so a number is
// given only where readings agree; what is merely possible is a candidate, and of several candidates none is chosen. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace netsampler {

// One reading of one line by one engine from one treatment of the picture: ASCII letters and digits, as read.
struct NumberReading {
  std::string text;
  int line = 0;  // readings of the same line may be put together, character by character
};

struct LicenceNumber {
  std::string type;   // "uscc", "registration-number" or "food-licence": names of evidence/identifiers
  std::string value;  // empty where none is certain
  bool valid = false; // its check digits agree
  int confidence = 0; // 0…100
  std::vector<std::string> candidates;  // well formed, but not certain; the chosen one is not among them; at most 8
};

// The characters of the standard's alphabet that a reading can stand for: I and L … are no letters of it, areas are digits. Empty where the reading has
// not 18 characters, or one that stands for nothing.
std::string as_uscc(std::string_view read);
// The same for 15 digits.
std::string as_registration_number(std::string_view read);
// Both check digits (the whole number's, the organisation code's in it), a registering authority and a province that exist.
bool is_sound_uscc(std::string_view value);
bool is_sound_registration_number(std::string_view value);

LicenceNumber judge_uscc(const std::vector<NumberReading>& readings);
LicenceNumber judge_registration_number(const std::vector<NumberReading>& readings);
LicenceNumber judge_food_licence(const std::vector<NumberReading>& readings);

}  // namespace netsampler
