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
                    {"included", r.included},
                    {"not_before_us", r.not_before_us}, {"not_after_us", r.not_after_us}, {"box_sha256", r.box_key ? hex_of(sha256(*r.box_key)) : ""}});
  return list;
}

Json books_of(const Report& report) {
  Json list = Json::array();
  for (const BookSummary& b : report.books)
    list.push_back({{"case", b.id}, {"records", b.records}, {"included", b.included}, {"delivered", b.delivered},
                    {"custody", b.custody}, {"opened", b.opened}, {"opened_here", b.opened_here}, {"not_after_us", b.not_after_us}});
  return list;
}

void hashes_of(const Report& report, const TextSink& sink) {
  const char* between = "";
  for (const HashLine& line : report.hashes) {
    sink(between + print({{"path", report.path_of(line)}, {"bytes", line.bytes}, {"sha256", hex_of(line.sha256)}, {"sm3", hex_of(line.sm3)}}));
    between = ",";
  }
}

// 0 where a bound cannot be shown. `stamped`: every end of a chain has an upper one.
Json time_of(const Totals& totals) {
  return {{"stamped", totals.not_after_us > 0},
          {"not_before_us", totals.not_before_us},
          {"not_after_us", totals.not_after_us},
          {"first_us", totals.first_us},
          {"last_us", totals.last_us},
          {"error_us", totals.worst_error_us}};
}

Json log_of(const Report& report) {
  return {{"present", report.log.present},       {"size", report.log.size},       {"stamps", report.log.stamps},
          {"trusted_stamps", report.log.trusted}, {"witnessed", report.log.witnessed}};
}

Json pictures_of(const Report& report) {
  return {{"segments", report.pictures.segments}, {"frames", report.pictures.frames}, {"times", report.pictures.times}, {"strips", report.pictures.strips},
          {"beacons", report.pictures.beacons}};
}

}  // namespace

void report_json(const Report& report, bool zh, const TextSink& sink) {
  const Totals totals = totals_of(report);
  const Json object = {{"verdict", verdict_of(report)},
                       {"exit_code", exit_code_of(report)},
                       {"scope", report.scope},
                       {"judged_at_us", report.now_us},
                       {"policy", {{"given", report.policy_given}, {"box", report.box_name}}},
                       {"findings", findings_of(report, zh)},
                       {"gaps", gaps_of(report)},
                       {"time", time_of(totals)},
                       {"log", log_of(report)},
                       {"segments", totals.segments},
                       {"frames", totals.frames},
                       {"dropped", totals.dropped},
                       {"records", totals.records},
                       {"opaque_records", report.opaque_records},
                       {"included", totals.included},
                       {"delivered", totals.delivered},
                       {"custody", totals.custody},
                       {"opened", totals.opened},
                       {"opened_here", totals.opened_here},
                       {"recordings", recordings_of(report)},
                       {"books", books_of(report)},
                       {"checked", {{"sha256", true}, {"sm3", report.deep}, {"pictures", report.pictures.looked}}},
                       {"pictures", pictures_of(report)},
                       {"hashes", Json::array()},
                       {"does_not_prove", does_not_prove(zh)}};
  // In JSON's text a quotation mark within a string is escaped: these letters are the empty list itself.
  const std::string text = print(object), empty_list = "\"hashes\":[";
  const std::size_t list = text.find(empty_list) + empty_list.size();
  sink(std::string_view(text).substr(0, list));
  hashes_of(report, sink);
  sink(std::string_view(text).substr(list));
}

std::string report_json(const Report& report, bool zh) {
  std::string whole;
  report_json(report, zh, [&](std::string_view text) { whole += text; });
  return whole;
}

}  // namespace netsampler::verify
