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

// What is a list in the report and may be long: written row by row.
class RowWriter {
 public:
  explicit RowWriter(const TextSink& sink) : sink_(sink) {}
  void row(const Json& row) {
    sink_(between_ + print(row));
    between_ = ",";
  }

 private:
  const TextSink& sink_;
  std::string between_;
};

void gaps_of(const Report& report, RowWriter out) {
  for (const Gap& gap : report.gaps)
    out.row({{"recording", gap.recording}, {"source", gap.source}, {"cause", gap.cause}, {"from_us", gap.from_us}, {"to_us", gap.to_us}});
}

void recordings_of(const Report& report, RowWriter out) {
  for (const RecordingSummary& r : report.recordings)
    out.row({{"recording", r.id}, {"kind", r.kind}, {"closed", r.close_reason}, {"records", r.records},
             {"segments", r.segments}, {"frames", r.frames}, {"dropped", r.dropped}, {"first_us", r.first_us},
             {"last_us", r.last_us}, {"picture_us", r.picture_us}, {"head", r.head}, {"last_seq", r.last_seq},
             {"included", r.included},
             {"not_before_us", r.not_before_us}, {"not_after_us", r.not_after_us}, {"box_sha256", r.box_key ? hex_of(sha256(*r.box_key)) : ""}});
}

void books_of(const Report& report, RowWriter out) {
  for (const BookSummary& b : report.books)
    out.row({{"case", b.id}, {"records", b.records}, {"included", b.included}, {"delivered", b.delivered},
             {"custody", b.custody}, {"opened", b.opened}, {"opened_here", b.opened_here}, {"not_after_us", b.not_after_us}});
}

void hashes_of(const Report& report, RowWriter out) {
  for (const HashLine& line : report.hashes)
    out.row({{"path", report.path_of(line)}, {"bytes", line.bytes}, {"sha256", hex_of(line.sha256)}, {"sm3", hex_of(line.sm3)}});
}

struct List {
  const char* beginning;  // as the object's text has it
  void (*write)(const Report& report, RowWriter out);
};
// In the object's order.
constexpr List kLists[] = {{"\"books\":[", books_of}, {"\"gaps\":[", gaps_of}, {"\"hashes\":[", hashes_of}, {"\"recordings\":[", recordings_of}};

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
                       {"gaps", Json::array()},
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
                       {"recordings", Json::array()},
                       {"books", Json::array()},
                       {"checked", {{"sha256", true}, {"sm3", report.deep}, {"pictures", report.pictures.looked}}},
                       {"pictures", pictures_of(report)},
                       {"hashes", Json::array()},
                       {"does_not_prove", does_not_prove(zh)}};
  // In JSON's text a quotation mark within a string is escaped: these letters are the empty lists themselves.
  const std::string text = print(object);
  std::size_t written = 0;
  for (const List& list : kLists) {
    const std::size_t from = text.find(list.beginning, written) + std::string_view(list.beginning).size();
    sink(std::string_view(text).substr(written, from - written));
    list.write(report, RowWriter(sink));
    written = from;
  }
  sink(std::string_view(text).substr(written));
}

std::string report_json(const Report& report, bool zh) {
  std::string whole;
  report_json(report, zh, [&](std::string_view text) { whole += text; });
  return whole;
}

}  // namespace netsampler::verify
