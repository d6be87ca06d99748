// A page as the browser saves it: MHTML (RFC 2557), a MIME message of parts.
#pragma once
#include <set>
#include <string>

namespace netsampler {

// Its text with quoted-printable undone, as far as it is: to look for what must not stand in it.
std::string unquoted(const std::string& mhtml);
// Without the parts coded in base64 (pictures, fonts) whose address is one of `elsewhere`. What is no MHTML stays as it is.
std::string without_parts(const std::string& mhtml, const std::set<std::string>& elsewhere);

}  // namespace netsampler
