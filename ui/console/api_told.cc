// What went otherwise than it should while a recording ran, in words: its gaps, its findings, and how it was cut off. One list in the order of time.
#include <algorithm>

#include "evidence/format/told.h"
#include "ui/console/api_case_json.h"

namespace netsampler {
namespace {

Json entry(Told what, const std::string& word, const char* kind, std::int64_t at_us) {
  return {{"what", kind}, {"word", word}, {"zh", told_words(what, word, true)}, {"en", told_words(what, word, false)}, {"at_us", at_us}};
}

Json gap_entry(const RecordingView& view, const GapRow& gap) {
  Json json = entry(Told::gap, gap.cause, "gap", utc_of(view.row, gap.from_us));
  json["source"] = gap.source;
  json["duration_us"] = gap.to_us - gap.from_us;
  json["positions"] = positions(view, gap.from_us, gap.source);
  return json;
}

Json finding_entry(const RecordingView& view, const FindingRow& finding) {
  Json json = entry(Told::finding, finding.code, "finding", finding.at_us);
  json["severity"] = finding.severity;
  if (finding.from_us > 0) json["positions"] = positions(view, finding.from_us, finding.source);
  if (finding.to_us > finding.from_us && finding.from_us > 0) json["duration_us"] = finding.to_us - finding.from_us;
  return json;
}

// The book's finding on a recording that has no end of its own: the time is that of its last whole record.
Json interruption_entry(const RecordRow& told) {
  Json json = entry(Told::interruption, string_or(told.body, "cause", "?"), "interrupted", int_or(told.body, "last_us", told.at_us));
  if (told.body.contains("last_seq")) json["last_seq"] = told.body["last_seq"];
  return json;
}

}  // namespace

Json told_json(const RecordingView& view, const std::vector<RecordRow>& book) {
  Json list = Json::array();
  for (const GapRow& gap : view.gaps) list.push_back(gap_entry(view, gap));
  for (const FindingRow& finding : view.findings)
    if (finding.code != "interrupted") list.push_back(finding_entry(view, finding));
  for (const RecordRow& record : book) {
    const bool cut_off = record.type == "finding" && string_or(record.body, "code", "") == "interrupted";
    if (cut_off && string_or(record.body, "recording", "") == view.row.id) list.push_back(interruption_entry(record));
  }
  std::stable_sort(list.begin(), list.end(), [](const Json& a, const Json& b) { return a["at_us"] < b["at_us"]; });
  return list;
}

}  // namespace netsampler
