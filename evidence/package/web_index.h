// CDXJ: where each answer of a web archive lies. One line an answer to a GET: "<SURT> <14 digits> {json}".
#pragma once
#include <string>
#include <vector>

#include "evidence/base/file_system.h"

namespace netsampler {

// The lines of one .warc.gz file, not sorted, each with its newline; `filename` is what they call it. `invalid`: not WARC in gzip members; `full`: too many.
Result<std::vector<std::string>> cdxj_lines(const FileSystem& disk, const std::string& path, const std::string& filename);
// "https://www.shop.example:8443/A?b=2&a=1" → "example,shop:8443)/a?a=1&b=2"; what is no web address stays as it is.
std::string surt_of(const std::string& url);

}  // namespace netsampler
