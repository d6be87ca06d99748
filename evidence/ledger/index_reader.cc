#include "evidence/ledger/index_reader.h"

#include <algorithm>

#include "evidence/ledger/index_sql.h"

namespace netsampler {
namespace {

// What the ledger itself wrote as JSON text; anything else reads as an empty object.
Json json_of(const std::string& text) {
  auto value = parse_any(text, {1u << 20, 16});
  return value.ok() ? value.take() : Json::object();
}

CaseRow case_row(const SqlRow& r) {
  return {r.text(0), r.text(1), r.integer(2), json_of(r.text(3)), r.integer(4), r.text(5), r.integer(6)};
}

RecordingRow recording_row(const SqlRow& r) {
  RecordingRow row;
  row.id = r.text(0), row.kind = r.text(1), row.display = r.text(2);
  row.opened_at_us = r.integer(3), row.opened_boot_us = r.integer(4), row.samplers = json_of(r.text(5));
  row.close_reason = r.text(6), row.closed_at_us = r.integer(7);
  row.last_seq = r.integer(8), row.head = r.text(9), row.last_at_us = r.integer(10);
  row.state = !row.close_reason.empty() ? "closed" : r.integer(11) != 0 ? "interrupted" : "open";
  row.segments = r.integer(12), row.case_id = r.text(13);
  return row;
}

SourceRow source_row(const SqlRow& r) {
  return {r.integer(0), r.text(1), r.text(2), r.integer(3), r.integer(4), r.text(5), r.integer(6), r.integer(7), r.text(8), r.text(9), r.text(10)};
}

SegmentRow segment_row(const SqlRow& r) {
  return {r.integer(0), r.text(1),    r.integer(2),  r.text(3),     r.integer(4),  r.text(5),     r.integer(6) != 0, r.integer(7),
          r.integer(8), r.integer(9), r.integer(10), r.integer(11), r.integer(12), r.integer(13), r.integer(14)};
}

GapRow gap_row(const SqlRow& r) { return {r.integer(0), r.text(1), r.text(2), r.integer(3), r.integer(4)}; }

PageRow page_row(const SqlRow& r) {
  return {r.integer(0), r.integer(1), r.text(2), r.text(3),  r.integer(4), r.integer(5),         r.integer(6),
          r.integer(7), r.integer(8), r.text(9), r.text(10), r.text(11),   json_of(r.text(12))};
}

FactRow fact_row(const SqlRow& r) {
  return {r.integer(0), r.integer(1),        r.text(2), r.text(3),          r.text(4),  r.text(5),
          r.integer(6), json_of(r.text(7)), r.text(8), r.maybe_integer(9), r.text(10), r.integer(11)};
}

ChapterRow chapter_row(const SqlRow& r) { return {r.integer(0), r.text(1), r.integer(2), r.text(3), r.integer(4)}; }
MarkRow mark_row(const SqlRow& r) { return {r.integer(0), r.text(1), r.text(2), r.integer(3), r.text(4)}; }

FindingRow finding_row(const SqlRow& r) {
  return {r.integer(0), r.text(1),    r.text(2),    r.text(3),    r.text(4),
          r.integer(5), r.integer(6), r.integer(7), r.integer(8), r.integer(9)};
}

IncludeRow include_row(const SqlRow& r) {
  return {r.integer(0), r.text(1), r.text(2), r.integer(3), r.text(4), r.text(5), r.integer(6)};
}

RecordRow other_row(const SqlRow& r) {
  return {r.integer(0), r.text(1), "", r.integer(2), json_of(r.text(3)), json_of(r.text(4))};
}
RecordRow book_row(const SqlRow& r) {
  return {r.integer(0), r.text(1), r.text(2), r.integer(3), json_of(r.text(4)), json_of(r.text(5))};
}

template <class Row>
Result<std::vector<Row>> rows_of(const Database& database, const char* sql, const std::vector<SqlValue>& values,
                                 Row (*make)(const SqlRow&)) {
  const std::vector<SqlRow> found = TRY(database.query(sql, values));
  std::vector<Row> rows;
  rows.reserve(found.size());
  for (const auto& row : found) rows.push_back(make(row));
  return rows;
}

}  // namespace

Result<IndexReader> IndexReader::open(const std::string& index_path) {
  return IndexReader(TRY(Database::open(index_path, true)));
}

Result<std::vector<CaseRow>> IndexReader::cases() const { return rows_of(database_, sql::kCases, {}, case_row); }

Result<CaseRow> IndexReader::case_of(const std::string& id) const {
  auto rows = TRY(rows_of(database_, sql::kCase, {id}, case_row));
  if (rows.empty()) return fail(ErrorKind::not_found, "no case " + id + " (see: netsampler case list)");
  return std::move(rows.front());
}

Result<std::vector<RecordingRow>> IndexReader::recordings() const {
  return rows_of(database_, sql::kRecordings, {}, recording_row);
}

Result<RecordingRow> IndexReader::recording(const std::string& id) const {
  auto rows = TRY(rows_of(database_, sql::kRecording, {id}, recording_row));
  if (rows.empty()) return fail(ErrorKind::not_found, "no recording " + id);
  return std::move(rows.front());
}

Result<std::vector<RecordingRow>> IndexReader::recordings_of(const std::string& case_id) const {
  return rows_of(database_, sql::kRecordingsOfCase, {case_id}, recording_row);
}
Result<std::vector<SourceRow>> IndexReader::sources(const std::string& recording) const {
  return rows_of(database_, sql::kSources, {recording}, source_row);
}
Result<std::vector<SegmentRow>> IndexReader::segments(const std::string& recording, const std::string& source) const {
  return rows_of(database_, sql::kSegments, {recording, source}, segment_row);
}
Result<std::vector<SegmentRow>> IndexReader::newest_segments(const std::string& recording, const std::string& source, std::int64_t most) const {
  auto rows = TRY(rows_of(database_, sql::kNewestSegments, {recording, source, most}, segment_row));
  std::reverse(rows.begin(), rows.end());
  return rows;
}
Result<std::vector<GapRow>> IndexReader::gaps(const std::string& recording) const {
  return rows_of(database_, sql::kGaps, {recording}, gap_row);
}
Result<std::vector<PageRow>> IndexReader::pages(const std::string& recording) const {
  return rows_of(database_, sql::kPages, {recording}, page_row);
}
Result<std::vector<FactRow>> IndexReader::facts(const std::string& recording) const {
  return rows_of(database_, sql::kFacts, {recording}, fact_row);
}
Result<std::vector<ChapterRow>> IndexReader::chapters(const std::string& recording) const {
  return rows_of(database_, sql::kChapters, {recording}, chapter_row);
}
Result<std::vector<MarkRow>> IndexReader::marks(const std::string& recording) const {
  return rows_of(database_, sql::kMarks, {recording}, mark_row);
}
Result<std::vector<FindingRow>> IndexReader::findings_of_recording(const std::string& recording) const {
  return rows_of(database_, sql::kFindings, {std::string("recording"), recording}, finding_row);
}
Result<std::vector<FindingRow>> IndexReader::findings_of_book(const std::string& case_id) const {
  return rows_of(database_, sql::kFindings, {std::string("book"), case_id}, finding_row);
}
Result<std::vector<RecordRow>> IndexReader::other_records(const std::string& recording) const {
  return rows_of(database_, sql::kOthers, {recording}, other_row);
}
Result<std::vector<IncludeRow>> IndexReader::includes(const std::string& case_id) const {
  return rows_of(database_, sql::kIncludes, {case_id}, include_row);
}
Result<std::vector<RecordRow>> IndexReader::book_records(const std::string& case_id) const {
  return rows_of(database_, sql::kBookRecords, {case_id}, book_row);
}

}  // namespace netsampler
