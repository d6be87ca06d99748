// What a verification found. A value: printing it is report_text.cc's and report_json.cc's work.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "evidence/format/record.h"
#include "evidence/verify/file_list.h"
#include "evidence/verify/reasons.h"

namespace netsampler::verify {

struct Finding {
  Reason reason = Reason::more;
  std::string where;   // a path below the verified directory, with " seq N" where one record is meant; "" for the whole
  std::string detail;  // what exactly, in English; may be empty
};

struct Gap {
  std::string recording, source, cause;
  std::int64_t from_us = 0, to_us = 0;  // BOOTTIME
};

// One source's pictures as a recording that resumes it, or is resumed, must go on: ticks of 1/90,000 s.
struct SourceSpan {
  std::int64_t start_us = 0;
  std::string init_sha256;
  std::optional<std::int64_t> first_pts, end_pts;
  bool gap_first = false;  // a gap record stands before its first segment
};

struct Resumes {  // `open.resumes`
  std::string recording, head, torn_sha256;
  std::int64_t last_seq = 0, torn_bytes = 0;
};

struct RecordingSummary {
  std::string id, kind, close_reason;  // close_reason empty: interrupted
  std::int64_t records = 0, segments = 0, frames = 0, dropped = 0;
  std::int64_t first_us = 0, last_us = 0;  // UTC of the first and the last record
  std::int64_t picture_us = 0;             // how long pictures were recorded, the longest source
  std::int64_t worst_error_us = 0;         // of the box's clock
  std::optional<PublicKey> box_key;
  std::string case_tag;                // hex, may be empty
  std::string head;                    // hash of the last whole line, hex
  std::int64_t last_seq = -1;
  std::string where;                   // its directory below the verified one
  std::string tag;                     // hex; under which the box log knows it
  std::int64_t not_before_us = 0, not_after_us = 0;  // by time stamps; 0: not shown
  bool included = false;
  std::string boot;
  std::int64_t torn_bytes = 0;         // behind the last newline
  std::string torn_sha256;             // hex
  std::optional<Resumes> resumes = {};
  std::map<std::string, SourceSpan> sources = {};
};

struct BookSummary {
  std::string id;
  std::int64_t records = 0, included = 0, delivered = 0, custody = 0;
  std::optional<PublicKey> box_key;  // the newest
  std::set<PublicKey> keys;          // all that signed records of it
  std::string tag;  // hex
  std::string where;
  std::int64_t not_after_us = 0;  // by time stamps; 0: not shown
  std::int64_t opened = 0, opened_here = 0;  // recordings that the log says were opened for it; those of them that are here
};

struct LogSummary {
  bool present = false;
  std::uint64_t size = 0, witnessed = 0;     // leaves of the newest checkpoint that holds; of the newest with a quorum
  std::int64_t stamps = 0, trusted = 0;      // tokens that hold; those of authorities in the policy
  std::set<PublicKey> keys;                  // that signed checkpoints
};

struct PictureSummary {  // of `--deep`
  bool looked = false;
  std::int64_t segments = 0, frames = 0;   // decoded
  std::int64_t times = 0;                  // pictures whose own number and times agree with the chain
  std::int64_t strips = 0, beacons = 0;    // looks at which cells and QR code were read
};

struct HashLine {  // of the 完整性校验值清单, as its record says
  std::uint32_t file = 0;  // in Report::files
  std::int64_t bytes = 0;
  Hash sha256{}, sm3{};
};

struct Report {
  std::string scope;  // "package", "recording", "case", "box"
  std::vector<Finding> findings;
  std::vector<Gap> gaps;      // the first kGapsListed; each is a finding too
  std::vector<RecordingSummary> recordings;
  std::vector<BookSummary> books;
  std::shared_ptr<const FileList> files;  // what was there
  std::deque<HashLine> hashes;            // in the order of the records
  LogSummary log;
  PictureSummary pictures;
  std::string box_name;  // as the policy names it; empty: untrusted
  bool policy_given = false, deep = false;
  std::int64_t opaque_records = 0;
  std::int64_t now_us = 0;  // as of when it was judged, UTC; 0: as of no date

  // At most kFindingsListed stand in the list, and kFindingsPerCode of one code: then one `more` says so. The verdict counts all.
  void add(Reason reason, std::string where, std::string detail = "");
  void add(Gap gap);
  Severity worst() const { return worst_; }
  bool has(Reason reason) const { return counts_.contains(reason); }
  bool lists(Reason reason, const std::string& where) const;
  std::string path_of(const HashLine& line) const { return std::string((*files)[line.file].first); }

 private:
  std::map<Reason, std::int64_t> counts_;
  Severity worst_ = Severity::note;
};

inline constexpr std::size_t kFindingsListed = 1000;
inline constexpr std::int64_t kFindingsPerCode = 100;
inline constexpr std::size_t kGapsListed = 1000;
inline constexpr std::size_t kForeignBytes = 500;  // of a text from what is verified: where it is longer, it is cut and ends with …
std::string clipped(std::string text);

const char* verdict_of(const Report& report);  // "INTACT", "PARTIAL", "BROKEN"
int exit_code_of(const Report& report);        // 0, 1, 2
std::string text_of(const Finding& finding, bool zh);

// As text, piece by piece: the list of hashes may be long.
using TextSink = std::function<void(std::string_view)>;
void report_json(const Report& report, bool zh, const TextSink& sink);  // one object, as the command line's contract says
void report_text(const Report& report, bool zh, const TextSink& sink);  // for people: a few dozen lines and the hash list
std::string report_json(const Report& report, bool zh);
std::string report_text(const Report& report, bool zh);

}  // namespace netsampler::verify
