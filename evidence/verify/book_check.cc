#include "evidence/verify/book_check.h"

#include <algorithm>

#include "evidence/format/key_change.h"
#include "evidence/format/kinds.h"
#include "evidence/format/names.h"
#include "evidence/verify/head_check.h"
#include "evidence/verify/log_check.h"
#include "evidence/verify/opening_check.h"
#include "evidence/verify/time_check.h"

namespace netsampler::verify {
namespace {

constexpr std::size_t kBytesABook = sizeof(BookSummary) + 1000;  // with its texts, its place, its keys

constexpr std::size_t kBytesAKey = 100;

class BookCheck {
 public:
  BookCheck(Job& job, const std::string& base, const std::string& id)
      : job_(job), base_(base), path_(below(base, "book.jsonl")), id_(id), times_(job), heads_(job, path_),
        openings_(job, below(base, "private.jsonl")) {
    summary_.where = base;
  }

  Result<BookSummary> run() {
    TRY(job_.room.take(kBytesABook, "cases"));
    const LinesEnd end = TRY(job_.tree.lines(path_, [&](std::string_view text) { return line(text); }));
    if (end.too_long) add(Reason::line_form, "a line over 64 KiB");
    if (end.torn_bytes > 0) add(Reason::interrupted, "torn last line, " + std::to_string(end.torn_bytes) + " bytes");
    if (summary_.records == 0 && end.torn_bytes == 0 && !end.too_long)
      job_.report.add(Reason::interrupted, path_, "an empty book: it was cut before its first record");
    summary_.id = id_;
    summary_.not_after_us = heads_.finish(seq_).not_after_us;
    TRY(openings_.finish(seq_, true));
    return summary_;
  }

 private:
  void add(Reason reason, std::string detail = "") { job_.report.add(reason, at_seq(path_, seq_), std::move(detail)); }

  Result<void> line(std::string_view text) {
    const Hash before = head_;
    head_ = line_hash(text);
    ++seq_;
    ++summary_.records;
    const auto record = parse_record(text);
    if (!record.ok()) {
      add(Reason::line_form, record.error().text);
      return {};
    }
    place(record->head, before);
    if (summary_.records == 1) open(*record);
    if (record->head.type == "key_change") change_key(record->body);
    if (record->head.type == "key_change") TRY(job_.room.take(kBytesAKey, "keys"));
    signature(*record);
    times_.take(record->head, at_seq(path_, seq_));
    if (summary_.records == 1) heads_.begin(*record);
    heads_.take(record->head, head_);
    if (record->head.private_count > 0) TRY(openings_.commit(seq_, record->head.private_count, record->head.private_root));
    return body(*record);
  }

  void place(const Envelope& head, const Hash& before) {
    if (head.seq != seq_) add(Reason::sequence, "expected " + std::to_string(seq_));
    seq_ = head.seq;
    if (head.prev != before) add(Reason::prev);
    if (id_.empty()) id_ = head.owner;
    if (head.chain != ChainKind::book || head.owner != id_) add(Reason::wrong_chain, head.owner);
    const bool opens = head.type == "case_open";
    if (opens != (summary_.records == 1)) add(Reason::open_first);
  }

  void open(const Record& record) {
    const auto key = public_key_from_base64(string_or(record.body, "box_key", ""));
    if (key.ok()) summary_.box_key = *key;
    if (key.ok() && !earlier_keys_hold(record.body, *key)) add(Reason::key_change);
    const auto tag = chain_tag(string_or(record.body, "nonce", ""), record.head.owner);
    if (tag.ok()) summary_.tag = hex_of(*tag);
  }

  // From here on the book's key is the newest of these, each vouched for by the one before, unless that one was lost. What proves
  // nothing changes nothing: the record's own signature is then held against the old key.
  void change_key(const Json& body) {
    const auto changes = body.contains("changes") ? key_history_from(body["changes"]) : Result<KeyHistory>(KeyHistory());
    if (!changes.ok() || changes->empty()) return;  // said of its members
    const bool connects = summary_.box_key && changes->front().old_key == *summary_.box_key;
    if (!connects || !key_history_holds(*changes)) return add(Reason::key_change);
    summary_.box_key = changes->back().box_key;
    for (const KeyChange& change : *changes)
      if (change.lost()) add(Reason::key_lost, "box " + hex_of(sha256(change.old_key)));
  }

  void signature(const Record& record) {
    if (summary_.box_key) summary_.keys.insert(*summary_.box_key);
    if (!summary_.box_key || !record_signature_holds(record, *summary_.box_key)) add(Reason::signature);
  }

  Result<void> body(const Record& record) {
    const std::string& type = record.head.type;
    if (find_kind(ChainKind::book, type) == nullptr) ++job_.report.opaque_records;
    TRY(check_files(job_, base_, record.body));
    if (const auto shape = check_read(ChainKind::book, type, record.body); !shape.ok()) {
      add(Reason::record_shape, shape.error().text);
      return {};
    }
    if (type == "include") include(record.body);
    if (type == "custody") ++summary_.custody;
    if (type == "finding") return finding(record.body);
    return {};
  }

  void include(const Json& body) {
    const std::string id = string_or(body, "recording", "");
    ++summary_.included;
    auto& recordings = job_.report.recordings;
    const auto found = std::find_if(recordings.begin(), recordings.end(), [&](const auto& r) { return r.id == id; });
    if (found == recordings.end()) return add(Reason::recording_missing, id);
    ++summary_.delivered;
    found->included = true;
    if (found->head != string_or(body, "head", "") || found->last_seq != int_or(body, "last_seq", -1))
      add(Reason::include_head, id);
    if (!found->case_tag.empty() && found->case_tag != summary_.tag) add(Reason::case_tag, id);
  }

  Result<void> finding(const Json& body) {
    const std::string severity = string_or(body, "severity", "");
    const std::string code = string_or(body, "code", "");
    if (severity == "partial") add(Reason::recorded_partial, code);
    if (severity == "broken") add(Reason::recorded_broken, code);
    return orphans(body);
  }

  // Files that a power cut left in a recording, named by nobody then, recorded by their hashes at the next start.
  Result<void> orphans(const Json& body) {
    const auto list = body.find("orphans");
    const std::string id = string_or(body, "recording", "");
    const auto& recordings = job_.report.recordings;
    const auto found = std::find_if(recordings.begin(), recordings.end(), [&](const auto& r) { return r.id == id; });
    if (list == body.end() || found == recordings.end()) return {};
    for (const Json& value : *list) {
      const auto file = named_file_from(value);
      if (!file.ok()) continue;
      const bool whole = TRY(check_file(job_, found->where, *file));
      if (whole) job_.report.add(Reason::orphan, below(found->where, file->path));
    }
    return {};
  }

  Job& job_;
  const std::string base_, path_;
  std::string id_;
  BookSummary summary_;
  TimeCheck times_;
  HeadCheck heads_;
  OpeningCheck openings_;
  std::int64_t seq_ = -1;
  Hash head_{};
};

}  // namespace

Result<BookSummary> check_book(Job& job, const std::string& base, const std::string& id) {
  BookCheck check(job, base, id);
  return check.run();
}

}  // namespace netsampler::verify
