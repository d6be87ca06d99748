#include "evidence/verify/recording_check.h"

#include <algorithm>
#include <array>

#include "evidence/format/counts.h"
#include "evidence/format/epoch_keys.h"
#include "evidence/format/kinds.h"
#include "evidence/format/member_type.h"
#include "evidence/format/names.h"
#include "evidence/verify/head_check.h"
#include "evidence/verify/log_check.h"
#include "evidence/verify/opening_check.h"
#include "evidence/verify/ready_line.h"
#include "evidence/verify/source_check.h"
#include "evidence/verify/time_check.h"

namespace netsampler::verify {
namespace {

constexpr std::size_t kBytesARecording = sizeof(RecordingSummary) + 1000;  // with its texts, its place, what others keep of it
constexpr std::size_t kKeysLimitBytes = 8u << 20;
constexpr std::size_t kLinesAhead = 256, kBytesAhead = 512u << 10;  // a parsed line takes up to 30 times its bytes

class RecordingCheck {
 public:
  RecordingCheck(Job& job, const std::string& base, const std::string& id)
      : job_(job), base_(base), path_(below(base, "chain.jsonl")), id_(id), sources_(job, base), times_(job), heads_(job, path_), openings_(job, below(base, "private.jsonl")),
        needs_{base, std::make_shared<const std::vector<PublicKey>>(), std::make_shared<const Inits>()},
        lines_(job.pool, kLinesAhead, kBytesAhead) {
    summary_.where = base;
  }

  Result<RecordingSummary> run() {
    TRY(job_.room.take(kBytesARecording, "recordings"));
    const LinesEnd end = TRY(job_.tree.lines(path_, [&](std::string_view text) { return ahead(text); }));
    TRY(judge_all());
    finish(end);
    TRY(openings_.finish(seq_, !closed_));
    return summary_;
  }

 private:
  void add(Reason reason, std::string detail = "") { job_.report.add(reason, at_seq(path_, seq_), std::move(detail)); }

  // Lines are made ready by many threads and judged here, one after the other, in their order.
  Result<void> ahead(std::string_view text) {
    while (lines_.full()) TRY(line(lines_.take()));
    lines_.add(text.size(), [&tree = job_.tree, line = std::string(text), needs = needs_] { return make_ready(tree, line, needs); });
    return changes_needs(text) ? judge_all() : Result<void>();
  }

  Result<void> judge_all() {
    while (!lines_.empty()) TRY(line(lines_.take()));
    needs_.inits = sources_.inits();
    return {};
  }

  Result<void> line(ReadyLine ready) {
    const Hash before = head_;
    head_ = ready.hash;
    ++seq_;
    ++summary_.records;
    const auto& record = ready.record;
    if (!record.ok()) {
      add(Reason::line_form, record.error().text);
      return {};
    }
    place(record->head, before);
    if (summary_.records == 1 || record->head.type == "open") TRY(open(*record));
    signature(ready);
    epoch(record->head);
    times_.take(record->head, at_seq(path_, seq_));
    if (summary_.records == 1) heads_.begin(*record);
    heads_.take(record->head, head_);
    span(record->head);
    if (record->head.private_count > 0) TRY(openings_.commit(seq_, record->head.private_count, record->head.private_root));
    return body(*record, ready.segment);
  }

  // Where the record stands: number, hash of the one before, whose chain, which boot.
  void place(const Envelope& head, const Hash& before) {
    if (head.seq != seq_) add(Reason::sequence, "expected " + std::to_string(seq_));
    seq_ = head.seq;  // after a missing record the rest is judged by its own numbers
    if (head.prev != before) add(Reason::prev);
    if (id_.empty()) id_ = head.owner;
    if (head.chain != ChainKind::recording || head.owner != id_) add(Reason::wrong_chain, head.owner);
    if (boot_.empty()) boot_ = head.boot;
    if (head.boot != boot_) add(Reason::boot_changed);
    if (closed_) add(Reason::after_close);
  }

  Result<void> open(const Record& record) {
    if (record.head.type != "open" || summary_.records != 1) {
      add(Reason::open_first);
      return {};
    }
    opened_ = true;
    summary_.kind = clipped(string_or(record.body, "kind", ""));
    summary_.case_tag = clipped(string_or(record.body, "case_tag", ""));
    if (const auto said = record.body.find("resumes"); said != record.body.end() && has_type(*said, MemberType::resumption))
      summary_.resumes = Resumes{string_or(*said, "recording", ""), string_or(*said, "head", ""), string_or(*said, "torn_sha256", ""),
                                 int_or(*said, "last_seq", -1), int_or(*said, "torn_bytes", -1)};
    open_boot_us_ = record.head.boot_us;
    epoch_us_ = std::max<std::int64_t>(int_or(record.body, "epoch_us", kEpochUs), 1);
    const auto tag = chain_tag(string_or(record.body, "nonce", ""), record.head.owner);
    if (tag.ok()) summary_.tag = hex_of(*tag);
    const auto key = public_key_from_base64(string_or(record.body, "box_key", ""));
    if (key.ok()) summary_.box_key = *key;
    if (!key.ok() || !box_signature_holds(record, *key)) add(Reason::box_signature);
    if (key.ok() && !earlier_keys_hold(record.body, *key)) add(Reason::key_change);
    return load_keys(record.body);
  }

  Result<void> load_keys(const Json& body) {
    const auto file = body.contains("file") ? named_file_from(body["file"]) : Result<NamedFile>(NamedFile());
    const std::string path = below(base_, "keys.txt");
    if (!file.ok() || file->path != "keys.txt" || !job_.tree.has(path)) return {};
    const Digest digest = TRY(job_.tree.digest(path));
    if (hex_of(digest.sha256) != file->sha256 || digest.bytes > static_cast<std::int64_t>(kKeysLimitBytes)) return {};
    const Bytes bytes = TRY(job_.tree.read(path, kKeysLimitBytes));
    auto keys = parse_keys(as_text(bytes));
    if (keys.ok() && static_cast<std::int64_t>(keys->size()) == int_or(body, "epochs", 0)) needs_.keys = std::make_shared<const std::vector<PublicKey>>(keys.take());
    return {};
  }

  // The line that brings the keys was made ready without them.
  void signature(const ReadyLine& ready) {
    const auto& keys = *needs_.keys;
    if (keys.empty() && !keys_reported_) add(Reason::keys);
    keys_reported_ = keys_reported_ || keys.empty();
    if (keys.empty()) return;
    const auto epoch = static_cast<std::size_t>(ready.record->head.epoch);
    const bool holds = summary_.records == 1 ? epoch < keys.size() && record_signature_holds(*ready.record, keys[epoch]) : ready.signature_holds;
    if (!holds) add(Reason::signature);
  }

  // Epochs follow each other without one left out, each begun by its `epoch` record; all other records fit their time exactly.
  void epoch(const Envelope& head) {
    if (!opened_) return;
    const bool begins = head.type == "epoch";
    const std::int64_t fits = epoch_at(open_boot_us_, epoch_us_, head.boot_us);
    const bool in_order = begins ? head.epoch == epoch_ + 1 : head.epoch == epoch_;
    const bool on_time = begins ? head.epoch <= fits : head.epoch == fits;
    if (!in_order || !on_time) add(Reason::epoch, "epoch " + std::to_string(head.epoch) + ", time says " + std::to_string(fits));
    if (in_order && on_time && head.epoch < fits) add(Reason::epoch_late);
    epoch_ = head.epoch;
  }

  void span(const Envelope& head) {
    if (summary_.first_us == 0) summary_.first_us = head.at_us;
    summary_.last_us = std::max(summary_.last_us, head.at_us);
  }

  Result<void> body(const Record& record, const std::optional<Result<SegmentFacts>>& segment) {
    const std::string& type = record.head.type;
    counts_.add(type, record.body);
    if (find_kind(ChainKind::recording, type) == nullptr) ++job_.report.opaque_records;
    if (const auto shape = check_read(ChainKind::recording, type, record.body); !shape.ok()) {
      add(Reason::record_shape, shape.error().text);
      return check_files(job_, base_, record.body);
    }
    const std::string where = at_seq(path_, seq_);
    if (type == "source") return sources_.source(record.body, where);
    if (type == "segment") return sources_.segment(record, segment, where);
    if (type == "gap") sources_.gap(record, where);
    if (type == "finding") lift(record.body);
    if (type == "close") close(record.body);
    return check_files(job_, base_, record.body);
  }

  // What the recorder itself found wanting is part of the verdict.
  void lift(const Json& body) {
    const std::string severity = string_or(body, "severity", "");
    const std::string code = string_or(body, "code", "");
    if (severity == "partial") add(Reason::recorded_partial, code);
    if (severity == "broken") add(Reason::recorded_broken, code);
  }

  void close(const Json& body) {
    closed_ = true;
    summary_.close_reason = clipped(string_or(body, "reason", ""));
    const auto said = counts_from(body);
    if (!said.ok() || *said != counts_) add(Reason::counts);
  }

  void finish(const LinesEnd& end) {
    if (end.too_long) add(Reason::line_form, "a line over 64 KiB");
    if (closed_ && end.torn_bytes > 0) add(Reason::after_close, std::to_string(end.torn_bytes) + " bytes");
    if (!closed_ && !end.too_long)
      job_.report.add(Reason::interrupted, path_,
                      end.torn_bytes > 0 ? "torn last line, " + std::to_string(end.torn_bytes) + " bytes" : "");
    const ChainTime time = heads_.finish(seq_);
    summary_.not_before_us = time.not_before_us;
    summary_.not_after_us = time.not_after_us;
    summary_.id = id_;
    summary_.head = hex_of(head_);
    summary_.last_seq = seq_;
    summary_.segments = counts_.segments;
    summary_.frames = counts_.frames;
    summary_.dropped = counts_.dropped;
    summary_.picture_us = sources_.picture_us();
    summary_.sources = sources_.spans();
    summary_.boot = clipped(boot_);
    summary_.torn_bytes = end.torn_bytes;
    summary_.torn_sha256 = end.torn_sha256;
    summary_.worst_error_us = times_.worst_error_us();
    if (summary_.worst_error_us > job_.clock_limit_us())
      job_.report.add(Reason::clock_limit, path_, std::to_string(summary_.worst_error_us) + " us");
  }

  Job& job_;
  const std::string base_, path_;
  std::string id_, boot_;
  RecordingSummary summary_;
  SourceCheck sources_;
  TimeCheck times_;
  HeadCheck heads_;
  OpeningCheck openings_;
  ChainCounts counts_;
  LineNeeds needs_;
  Row<ReadyLine> lines_;
  bool keys_reported_ = false, opened_ = false, closed_ = false;
  std::int64_t seq_ = -1, epoch_ = 0, open_boot_us_ = 0, epoch_us_ = kEpochUs;
  Hash head_{};
};

}  // namespace

Result<RecordingSummary> check_recording(Job& job, const std::string& base, const std::string& id) {
  RecordingCheck check(job, base, id);
  return check.run();
}

}  // namespace netsampler::verify
