// Words of a report that are not findings.
#pragma once
#include <string>
#include <string_view>

#include "evidence/verify/report.h"

namespace netsampler::verify {

std::string_view verdict_words(const Report& report, bool zh);  // 完整 …
std::string_view does_not_prove(bool zh);                       // the paragraph that every report carries
std::string_view scope_words(const std::string& scope, bool zh);

// Sums over the report's recordings.
struct Totals {
  std::int64_t records = 0, segments = 0, frames = 0, dropped = 0;
  std::int64_t first_us = 0, last_us = 0, worst_error_us = 0;  // UTC; first and last 0: no record could be read
  std::int64_t included = 0, delivered = 0, custody = 0, opened = 0, opened_here = 0;
  // By time stamps; 0: not shown of all. Not before: of the recording that can show the least; not after: of the last end.
  std::int64_t not_before_us = 0, not_after_us = 0;
};
Totals totals_of(const Report& report);

}  // namespace netsampler::verify
