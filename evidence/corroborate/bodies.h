// The text that the network brought for one page: bodies of its archive, as UTF-8. What it reads may be hostile: everything is bounded.
#pragma once
#include <string>
#include <vector>

#include "evidence/base/bytes.h"

namespace netsampler::corroborate {

struct Body {
  std::string url;
  std::string code;   // UTF-8, half width, lower case, escapes (\u00a5, &yen;, \/) resolved, tags kept
  std::string plain;  // the same without tags
  std::string folded_code, folded_plain;  // both without white space
};

struct Bodies {
  std::vector<Body> list;
  bool complete = true;       // no text body was cut, lost or left out
  std::size_t text_bytes = 0; // of all bodies, as they came
};

// Adds HTML, JSON, JavaScript and plain text of all responses of an archive, a gzip member a record or uncompressed; pictures, fonts, films and
// style sheets are passed over. By the charset that the response or its first kilobyte names, else UTF-8 where it is that, else GB18030. At most
// 12 MiB of text a page, 8 MiB a body. `invalid`: no WARC, or one that breaks off; what came before stays.
Result<void> add_bodies(ByteView warc, Bodies& bodies);

// What network.cc searches: resolves \uXXXX, \xXX, \/ and entities.
std::string unescaped(std::string_view text);

}  // namespace netsampler::corroborate
