// A strict reader of WARC 1.1, for the tests: whatever is not exactly as the standard says is an error.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "evidence/base/bytes.h"

namespace netsampler {

struct WarcRecord {
  std::map<std::string, std::string> fields;
  std::string block;
};

Result<std::vector<WarcRecord>> read_warc_strictly(std::string_view text);

}  // namespace netsampler
