// The text that the network brought for one page: bodies of page.warc, as UTF-8. What it reads may be hostile: everything is bounded.
#pragma once
#include <string>
#include <vector>

#include "evidence/base/bytes.h"

namespace netsampler::corroborate {

struct Body {
  std::string url;
  std::string code;   // UTF-8, half width, escapes (\u00a5, &yen;, \/) resolved, tags kept
  std::string plain;  // the same without tags
};

struct Bodies {
  std::vector<Body> list;
  bool complete = true;  // no text body was cut, lost or left out
};

// HTML, JSON, JavaScript and plain text of all responses; pictures, fonts, films and style sheets are passed over. By the charset that the
// response or its first kilobyte names, else UTF-8 where it is that, else GB18030. At most 16 MiB of text. `invalid`: no WARC.
Result<Bodies> bodies_of(ByteView warc);

// What network.cc searches: resolves \uXXXX, \xXX, \/ and entities.
std::string unescaped(std::string_view text);

}  // namespace netsampler::corroborate
