// What `close` says about its recording, counted the same way by writer and verifier.
#pragma once
#include "evidence/format/record.h"

namespace netsampler {

struct ChainCounts {
  std::int64_t records = 0;  // every record, `open` and `close` included
  std::int64_t segments = 0, frames = 0, dropped = 0;  // over all sources
  std::int64_t pages = 0, facts = 0;

  void add(const std::string& type, const Json& body);  // call it for every record, `close` too
  bool operator==(const ChainCounts&) const = default;
};

// The members of `close` but for `reason`; counts must already hold the close record itself (records = its seq + 1).
Json json_of(const ChainCounts& counts);
Result<ChainCounts> counts_from(const Json& close_body);

}  // namespace netsampler
