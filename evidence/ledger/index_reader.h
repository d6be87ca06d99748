// What the console reads: typed rows of STATE/index.sqlite, which the ledger keeps from the chains. Read-only; one thread an object.
// Values of personal members stand here opened. Times: at_us UTC, others CLOCK_BOOTTIME, in microseconds; pts in 1/90,000 s; money in 分.
// An absent text is empty. Errors: `not_found` before the ledger's first start, `busy` while a rebuild holds the file for over 5 s.
#pragma once
#include "evidence/base/json.h"
#include "evidence/ledger/database.h"

namespace netsampler {

struct CaseRow {
  std::string id, actor;
  std::int64_t opened_at_us = 0;
  Json opened;  // the private members of case_open: title, product, shop …
  std::int64_t last_seq = 0;
  std::string head;
  std::int64_t last_at_us = 0;
};

// State: "open" (no close yet), "closed", or "interrupted" (no close, and a book says so).
struct RecordingRow {
  std::string id, kind, case_id, display;  // case_id: the case it was opened for
  std::int64_t opened_at_us = 0, opened_boot_us = 0;
  Json samplers;  // account ids
  std::string state, close_reason;
  std::int64_t closed_at_us = 0, last_seq = 0, last_at_us = 0, segments = 0;
  std::string head;
};

struct SourceRow {
  std::int64_t seq = 0;
  std::string source, medium;
  std::int64_t width = 0, height = 0;
  std::string codec;
  std::int64_t time_base = 0, start_us = 0;
  std::string init_path;  // relative to data/recordings/<id>/, as all paths here
  std::string init_sha256, follows;  // follows: the source that this one goes on from; empty: none
};

struct SegmentRow {
  std::int64_t seq = 0;
  std::string source;
  std::int64_t no = 0;
  std::string path;
  std::int64_t bytes = 0;
  std::string sha256;
  bool key = false;
  std::int64_t frames = 0, dropped = 0, first_pts = 0, last_pts = 0, last_duration = 0, first_us = 0, last_us = 0, at_us = 0;
};

struct GapRow {
  std::int64_t seq = 0;
  std::string source, cause;
  std::int64_t from_us = 0, to_us = 0;
};

struct PageRow {
  std::int64_t seq = 0, page = 0;
  std::string kind, origin;
  std::int64_t status = 0, responses = 0, bytes = 0, from_us = 0, to_us = 0;
  std::string ended, url, title;
  Json files;  // [{"path","bytes","sha256","sm3"}]
};

struct FactRow {
  std::int64_t seq = 0, page = 0;
  std::string kind, item, name, from;
  std::int64_t confidence = 0;
  Json rect;  // [x,y,w,h] or []
  std::string value;
  std::optional<std::int64_t> amount_minor;  // where the fact is money; value holds its digits then
  std::string raw;
  std::int64_t at_us = 0;
};

struct ChapterRow {
  std::int64_t seq = 0;
  std::string item;
  std::int64_t page = 0;
  std::string source;
  std::int64_t from_us = 0;
};

struct MarkRow {
  std::int64_t seq = 0;
  std::string item, actor;
  std::int64_t from_us = 0;
  std::string note;
};

struct FindingRow {
  std::int64_t seq = 0;
  std::string code, severity, recording, source;
  std::int64_t page = 0, from_us = 0, to_us = 0, count = 0, at_us = 0;
};

struct IncludeRow {
  std::int64_t seq = 0;
  std::string recording, head;
  std::int64_t last_seq = 0;
  std::string role, why;
  std::int64_t at_us = 0;
};

// Any other record: clock, environment, corroboration … of a recording, and every record of a book.
struct RecordRow {
  std::int64_t seq = 0;
  std::string type, actor;
  std::int64_t at_us = 0;
  Json body;    // the public members without the envelope
  Json opened;  // the private members
};

class IndexReader {
 public:
  static Result<IndexReader> open(const std::string& index_path);
  Result<std::vector<CaseRow>> cases() const;  // newest first, without the box's own book
  Result<CaseRow> case_of(const std::string& id) const;
  Result<std::vector<RecordingRow>> recordings() const;
  Result<RecordingRow> recording(const std::string& id) const;
  Result<std::vector<RecordingRow>> recordings_of(const std::string& case_id) const;  // opened for it or included by it
  Result<std::vector<SourceRow>> sources(const std::string& recording) const;
  Result<std::vector<SegmentRow>> segments(const std::string& recording, const std::string& source) const;
  // The last `most` of them, in the same order.
  Result<std::vector<SegmentRow>> newest_segments(const std::string& recording, const std::string& source, std::int64_t most) const;
  Result<std::vector<GapRow>> gaps(const std::string& recording) const;
  Result<std::vector<PageRow>> pages(const std::string& recording) const;
  Result<std::vector<FactRow>> facts(const std::string& recording) const;
  Result<std::vector<ChapterRow>> chapters(const std::string& recording) const;
  Result<std::vector<MarkRow>> marks(const std::string& recording) const;
  Result<std::vector<FindingRow>> findings_of_recording(const std::string& recording) const;  // in its chain
  Result<std::vector<FindingRow>> findings_of_book(const std::string& case_id) const;
  Result<std::vector<RecordRow>> other_records(const std::string& recording) const;
  Result<std::vector<IncludeRow>> includes(const std::string& case_id) const;
  Result<std::vector<RecordRow>> book_records(const std::string& case_id) const;

 private:
  explicit IndexReader(Database database) : database_(std::move(database)) {}
  Database database_;
};

}  // namespace netsampler
