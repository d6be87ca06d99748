#include "evidence/format/counts.h"

#include <algorithm>

namespace netsampler {
namespace {
constexpr std::int64_t kMost = (std::int64_t{1} << 53) - 1;  // what a record can say
}  // namespace

void ChainCounts::add(const std::string& type, const Json& body) {
  ++records;
  if (type == "page") ++pages;
  if (type == "fact") ++facts;
  if (type != "segment") return;
  ++segments;
  frames = std::min(kMost, frames + int_or(body, "frames", 0));
  dropped = std::min(kMost, dropped + int_or(body, "dropped", 0));
}

Json json_of(const ChainCounts& counts) {
  return {{"records", counts.records}, {"segments", counts.segments}, {"frames", counts.frames},
          {"dropped", counts.dropped}, {"pages", counts.pages},       {"facts", counts.facts}};
}

Result<ChainCounts> counts_from(const Json& close_body) {
  ChainCounts counts;
  counts.records = TRY(get_int(close_body, "records"));
  counts.segments = TRY(get_int(close_body, "segments"));
  counts.frames = TRY(get_int(close_body, "frames"));
  counts.dropped = TRY(get_int(close_body, "dropped"));
  counts.pages = TRY(get_int(close_body, "pages"));
  counts.facts = TRY(get_int(close_body, "facts"));
  return counts;
}

}  // namespace netsampler
