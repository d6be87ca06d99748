#include "evidence/verify/report.h"

#include <algorithm>

namespace netsampler::verify {

void Report::add(Reason reason, std::string where, std::string detail) {
  const Severity severity = row_of(reason).severity;
  worst_ = std::max(worst_, severity);
  const bool listed = ++counts_[reason] <= kFindingsPerCode && findings.size() < kFindingsListed;
  if (listed) {
    findings.push_back({reason, std::move(where), std::move(detail)});
  } else if (!has(Reason::more)) {
    ++counts_[Reason::more];
    findings.push_back({Reason::more, "", std::string(row_of(reason).code)});
  }
}

bool Report::lists(Reason reason, const std::string& where) const {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.reason == reason && finding.where == where; });
}

const char* verdict_of(const Report& report) {
  if (report.worst() == Severity::broken) return "BROKEN";
  return report.worst() == Severity::partial ? "PARTIAL" : "INTACT";
}

int exit_code_of(const Report& report) {
  if (report.worst() == Severity::broken) return 2;
  return report.worst() == Severity::partial ? 1 : 0;
}

std::string text_of(const Finding& finding, bool zh) {
  const ReasonRow& row = row_of(finding.reason);
  std::string text(zh ? row.zh : row.en);
  if (!finding.detail.empty()) text += (zh ? "：" : ": ") + finding.detail;
  return text;
}

}  // namespace netsampler::verify
