#include "evidence/verify/report.h"

#include <algorithm>

#include "evidence/format/told.h"

namespace netsampler::verify {

// Not within a letter of UTF-8.
std::string clipped(std::string text) {
  if (text.size() <= kForeignBytes) return text;
  std::size_t end = kForeignBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

void Report::add(Gap gap) {
  if (gaps.size() >= kGapsListed) return;
  gap.source = clipped(std::move(gap.source)), gap.cause = clipped(std::move(gap.cause));
  gaps.push_back(std::move(gap));
}

void Report::add(Reason reason, std::string where, std::string detail) {
  const Severity severity = row_of(reason).severity;
  worst_ = std::max(worst_, severity);
  const bool listed = ++counts_[reason] <= kFindingsPerCode && findings.size() < kFindingsListed;
  if (listed) {
    findings.push_back({reason, std::move(where), clipped(std::move(detail))});
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

namespace {

// What the box itself told, by a word of its own: that word's meaning; empty where we do not know it.
std::string recorded_words(const Finding& finding, bool zh) {
  const bool gap = finding.reason == Reason::gap;
  if (!gap && finding.reason != Reason::recorded_partial && finding.reason != Reason::recorded_broken) return "";
  const std::size_t comma = finding.detail.rfind(", ");
  const std::string word = gap && comma != std::string::npos ? finding.detail.substr(comma + 2) : finding.detail;
  const std::string words = told_words(gap ? Told::gap : Told::finding, word, zh);
  return words == word ? "" : words;
}

}  // namespace

std::string text_of(const Finding& finding, bool zh) {
  const ReasonRow& row = row_of(finding.reason);
  std::string text(zh ? row.zh : row.en);
  if (finding.detail.empty()) return text;
  text += (zh ? "：" : ": ") + finding.detail;
  const std::string words = recorded_words(finding, zh);
  if (!words.empty()) text += (zh ? "（" : " (") + words + (zh ? "）" : ")");
  return text;
}

}  // namespace netsampler::verify
