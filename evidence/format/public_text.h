// What a writer lets into public text: forms so narrow that no Chinese name, no address and no telephone number fits in, whoever hands the
// record over. Readers stay tolerant: to them each of these is text.
#pragma once
#include <string_view>

#include "evidence/format/kinds.h"

namespace netsampler {

// Pure. True for types that are not text: has_type judges them. ASCII throughout:
//   word       [a-z][a-z0-9]* joined by single '.', '_' or '-', at most 64 bytes and 4 digits: enumerations, codes, names of facts
//   item       an item of the regulation: 39-5
//   account    [A-Za-z0-9._-]{1,64} with at most 10 digits; "?": none that exists
//   display    an X display, host:number[.screen]
//   origin     scheme://host[:port] or "scheme:" or ""; no part of the host between dots is a number of more than 8 digits
//   phrase     printable, at most 200 bytes, no more than 8 digits in a row: versions, addresses of servers and authorities, error texts
//   recording  a recording's id
bool is_public_text(std::string_view text, MemberType type);
bool is_account_id(std::string_view id);
// A page's files and their like: no more than 8 digits in a row.
bool is_public_path(std::string_view path);
// The form of each string in a value of this type; `servers` too.
bool is_public(const Json& value, MemberType type);

}  // namespace netsampler
