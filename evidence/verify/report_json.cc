#include "evidence/verify/words.h"

namespace netsampler::verify {
namespace {

Json findings_of(const Report& report, bool zh) {
  Json list = Json::array();
  for (const Finding& finding : report.findings) {
    const ReasonRow& row = row_of(finding.reason);
    list.push_back({{"code", row.code},
                    {"severity", name_of(row.severity)},
                    {"where", finding.where},
                    {"detail", finding.detail},
                    {"text", text_of(finding, zh)}});
  }
  return list;
}

Json gaps_of(const Report& report) {
  Json list = Json::array();
  for (const Gap& gap : report.gaps)
    list.push_back({{"recording", gap.recording}, {"source", gap.source}, {"cause", gap.cause}, {"from_us", gap.from_us},
                    {"to_us", gap.to_us}});
  return list;
}

Json recordings_of(const Report& report) {
  Json list = Json::array();
  for (const RecordingSummary& r : report.recordings)
    list.push_back({{"recording", r.id}, {"kind", r.kind}, {"closed", r.close_reason}, {"records", r.records},
                    {"segments", r.segments}, {"frames", r.frames}, {"dropped", r.dropped}, {"first_us", r.first_us},
                    {"last_us", r.last_us}, {"picture_us", r.picture_us}, {"head", r.head}, {"last_seq", r.last_seq},
                    {"included", r.included}, {"box_sha256", r.box_key ? hex_of(sha256(*r.box_key)) : ""}});
  return list;
}

Json books_of(const Report& report) {
  Json list = Json::array();
  for (const BookSummary& b : report.books)
    list.push_back({{"case", b.id}, {"records", b.records}, {"included", b.included}, {"delivered", b.delivered},
                    {"custody", b.custody}});
  return list;
}

Json hashes_of(const Report& report) {
  Json list = Json::array();
  for (const HashLine& line : report.hashes)
    list.push_back({{"path", line.path}, {"bytes", line.bytes}, {"sha256", line.sha256}, {"sm3", line.sm3}});
  return list;
}

}  // namespace

std::string report_json(const Report& report, bool zh) {
  const Totals totals = totals_of(report);
  // Nothing stamps yet: between which times the bytes came into being rests on the box's clock.
  const Json time = {{"stamped", false},
                     {"first_us", totals.first_us},
                     {"last_us", totals.last_us},
                     {"error_us", totals.worst_error_us}};
  const Json object = {{"verdict", verdict_of(report)},
                       {"exit_code", exit_code_of(report)},
                       {"scope", report.scope},
                       {"policy", {{"given", report.policy_given}, {"box", report.box_name}}},
                       {"findings", findings_of(report, zh)},
                       {"gaps", gaps_of(report)},
                       {"time", time},
                       {"segments", totals.segments},
                       {"frames", totals.frames},
                       {"dropped", totals.dropped},
                       {"records", totals.records},
                       {"opaque_records", report.opaque_records},
                       {"included", totals.included},
                       {"delivered", totals.delivered},
                       {"custody", totals.custody},
                       {"recordings", recordings_of(report)},
                       {"books", books_of(report)},
                       {"checked", {{"sha256", true}, {"sm3", report.deep}, {"pictures", false}}},
                       {"hashes", hashes_of(report)},
                       {"does_not_prove", does_not_prove(zh)}};
  return print(object);
}

}  // namespace netsampler::verify
