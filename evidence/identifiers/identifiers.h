// Well-formedness of the numbers on licences, goods and parcels: length, alphabet and check digit, by the standard of each type.
// A correct check digit says that a number is well formed, never that it exists. Case and spelling are exact: one form per
// number (upper case, no spaces); full-width digits or look-alike letters are refused. Pure functions.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "evidence/base/result.h"

namespace netsampler {

struct IdentifierType {
  const char* name;      // the word on the command line and in `check_identifier`
  const char* chinese;   // for officers
  const char* standard;  // what decides
  Result<void> (*check)(std::string_view value);
};

// uscc, registration-number, organisation-code, food-licence, gtin13, upu-s10, xk, ccc.
std::span<const IdentifierType> identifier_types();
// Well formed, or `invalid` with the reason in one line ("check digit is K, the number ends in L"); `usage` for an unknown type.
Result<void> check_identifier(std::string_view type, std::string_view value);

}  // namespace netsampler
