// What stands at the head of a WARC record (ISO 28500): its fields, and of a response its status line and media type.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "evidence/base/result.h"

namespace netsampler {

struct WarcHead {
  std::map<std::string, std::string> fields;  // names in lower case; the first of two alike counts
  int status = 0;                             // of an HTTP response
  std::string method;                         // of an HTTP request
  std::string mime;                           // of an HTTP response, or the record's own: without parameters
};

// `beginning` is the record from its first byte on, as far as it is at hand. `invalid`: no record of WARC 1.x begins there.
Result<WarcHead> warc_head(std::string_view beginning);
// The same name without regard to the case of ASCII letters.
std::string lower_case(std::string text);

}  // namespace netsampler
