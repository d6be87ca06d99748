// Every SQL text of the product. The index holds nothing that the chains do not: deleting it costs a rebuild, never evidence.
// Times are microseconds (at_us UTC, *_boot_us and from_us/to_us/first_us/last_us CLOCK_BOOTTIME), pts 90 kHz, money 分.
#pragma once

namespace netsampler::sql {

inline constexpr int kSchemaVersion = 2;  // another one in the file: the file is dropped and rebuilt

inline constexpr const char* kSchema = R"(
CREATE TABLE chains(chain TEXT NOT NULL, id TEXT NOT NULL, last_seq INTEGER NOT NULL, head TEXT NOT NULL, bytes INTEGER NOT NULL,
  last_at_us INTEGER NOT NULL, PRIMARY KEY(chain, id)) STRICT;
CREATE TABLE recordings(id TEXT PRIMARY KEY, kind TEXT NOT NULL, case_tag TEXT, display TEXT, boot TEXT, opened_at_us INTEGER NOT NULL,
  opened_boot_us INTEGER NOT NULL, samplers TEXT, software_version TEXT, close_reason TEXT, closed_at_us INTEGER) STRICT;
CREATE TABLE sources(recording TEXT NOT NULL, seq INTEGER NOT NULL, source TEXT, medium TEXT, width INTEGER, height INTEGER, codec TEXT,
  time_base INTEGER, start_us INTEGER, path TEXT, init_sha256 TEXT, follows TEXT, PRIMARY KEY(recording, seq)) STRICT;
CREATE TABLE segments(recording TEXT NOT NULL, seq INTEGER NOT NULL, source TEXT, no INTEGER, path TEXT, bytes INTEGER, sha256 TEXT,
  key INTEGER, frames INTEGER, dropped INTEGER, first_pts INTEGER, last_pts INTEGER, last_duration INTEGER, first_us INTEGER,
  last_us INTEGER, at_us INTEGER NOT NULL, PRIMARY KEY(recording, seq)) STRICT;
CREATE TABLE gaps(recording TEXT NOT NULL, seq INTEGER NOT NULL, source TEXT, cause TEXT, from_us INTEGER, to_us INTEGER,
  PRIMARY KEY(recording, seq)) STRICT;
CREATE TABLE pages(recording TEXT NOT NULL, seq INTEGER NOT NULL, page INTEGER, kind TEXT, origin TEXT, status INTEGER, responses INTEGER,
  bytes INTEGER, from_us INTEGER, to_us INTEGER, ended TEXT, url TEXT, title TEXT, files TEXT, PRIMARY KEY(recording, seq)) STRICT;
CREATE TABLE facts(recording TEXT NOT NULL, seq INTEGER NOT NULL, page INTEGER, kind TEXT, item TEXT, name TEXT, origin TEXT,
  confidence INTEGER, rect TEXT, value TEXT, amount_minor INTEGER, raw TEXT, at_us INTEGER NOT NULL, PRIMARY KEY(recording, seq)) STRICT;
CREATE INDEX facts_by_value ON facts(name, value);
CREATE VIEW waybills AS SELECT recording, upper(replace(value, ' ', '')) AS waybill FROM facts
  WHERE name = 'parcel.waybill' AND value IS NOT NULL AND value <> '';
CREATE TABLE chapters(recording TEXT NOT NULL, seq INTEGER NOT NULL, item TEXT, page INTEGER, source TEXT, from_us INTEGER,
  PRIMARY KEY(recording, seq)) STRICT;
CREATE TABLE marks(recording TEXT NOT NULL, seq INTEGER NOT NULL, item TEXT, actor TEXT, from_us INTEGER, note TEXT,
  PRIMARY KEY(recording, seq)) STRICT;
CREATE TABLE findings(chain TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT, severity TEXT, recording TEXT, source TEXT,
  page INTEGER, from_us INTEGER, to_us INTEGER, count INTEGER, at_us INTEGER NOT NULL, PRIMARY KEY(chain, id, seq)) STRICT;
CREATE INDEX findings_by_recording ON findings(recording);
CREATE TABLE others(recording TEXT NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL, at_us INTEGER NOT NULL, body TEXT NOT NULL,
  opened TEXT NOT NULL, PRIMARY KEY(recording, seq)) STRICT;
CREATE TABLE cases(id TEXT PRIMARY KEY, tag TEXT NOT NULL, actor TEXT, opened_at_us INTEGER NOT NULL, opened TEXT NOT NULL) STRICT;
CREATE TABLE includes(case_id TEXT NOT NULL, seq INTEGER NOT NULL, recording TEXT NOT NULL, head TEXT, last_seq INTEGER, role TEXT,
  why TEXT, at_us INTEGER NOT NULL, PRIMARY KEY(case_id, seq)) STRICT;
CREATE INDEX includes_by_recording ON includes(recording);
CREATE TABLE book_records(case_id TEXT NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL, actor TEXT, at_us INTEGER NOT NULL,
  body TEXT NOT NULL, opened TEXT NOT NULL, PRIMARY KEY(case_id, seq)) STRICT;
)";

inline constexpr const char* kTables[] = {"chains",   "recordings", "sources", "segments", "gaps",   "pages",    "facts",
                                          "chapters", "marks",      "findings", "others",  "cases", "includes", "book_records"};

inline constexpr const char* kReadVersion = "PRAGMA user_version";
inline constexpr const char* kBegin = "BEGIN IMMEDIATE";
inline constexpr const char* kCommit = "COMMIT";
inline constexpr const char* kRollback = "ROLLBACK";

inline constexpr const char* kPutChain =
    "INSERT INTO chains VALUES(?,?,?,?,?,?) ON CONFLICT(chain, id) DO UPDATE SET last_seq=excluded.last_seq, head=excluded.head, "
    "bytes=excluded.bytes, last_at_us=excluded.last_at_us";
inline constexpr const char* kPutRecording = "INSERT INTO recordings VALUES(?,?,?,?,?,?,?,?,?,NULL,NULL)";
inline constexpr const char* kCloseRecording = "UPDATE recordings SET close_reason=?, closed_at_us=? WHERE id=?";
inline constexpr const char* kPutSource = "INSERT INTO sources VALUES(?,?,?,?,?,?,?,?,?,?,?,?)";
inline constexpr const char* kPutSegment = "INSERT INTO segments VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
inline constexpr const char* kPutGap = "INSERT INTO gaps VALUES(?,?,?,?,?,?)";
inline constexpr const char* kPutPage = "INSERT INTO pages VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
inline constexpr const char* kPutFact = "INSERT INTO facts VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)";
inline constexpr const char* kPutChapter = "INSERT INTO chapters VALUES(?,?,?,?,?,?)";
inline constexpr const char* kPutMark = "INSERT INTO marks VALUES(?,?,?,?,?,?)";
inline constexpr const char* kPutFinding = "INSERT INTO findings VALUES(?,?,?,?,?,?,?,?,?,?,?,?)";
inline constexpr const char* kPutOther = "INSERT INTO others VALUES(?,?,?,?,?,?)";
inline constexpr const char* kPutCase = "INSERT INTO cases VALUES(?,?,?,?,?)";
inline constexpr const char* kPutInclude = "INSERT INTO includes VALUES(?,?,?,?,?,?,?,?)";
inline constexpr const char* kPutBookRecord = "INSERT INTO book_records VALUES(?,?,?,?,?,?,?)";

// Whether a recording is over: closed by its own record, or found interrupted and said so in a book.
inline constexpr const char* kChain = "SELECT last_seq, head, bytes FROM chains WHERE chain=? AND id=?";
inline constexpr const char* kChainIds = "SELECT id FROM chains WHERE chain=? ORDER BY id";
inline constexpr const char* kInterruptionKnown = "SELECT 1 FROM findings WHERE chain='book' AND code='interrupted' AND recording=? LIMIT 1";
inline constexpr const char* kCaseOfTag = "SELECT id FROM cases WHERE tag=?";
inline constexpr const char* kIncluded = "SELECT 1 FROM includes WHERE case_id=? AND recording=? LIMIT 1";
// What belongs together and is not included yet: ended recordings that were opened for a case, and camera recordings that show a
// waybill which a case's own recordings name. {case, recording, why}
#define NETSAMPLER_ENDED                                                                                                   \
  "(r.close_reason IS NOT NULL OR EXISTS(SELECT 1 FROM findings f WHERE f.chain='book' AND f.code='interrupted' AND f.recording=r.id)) "
inline constexpr const char* kDue =
    "SELECT k.id, r.id, CASE WHEN r.close_reason IS NULL THEN 'recovery' ELSE 'officer' END FROM recordings r "
    "JOIN cases k ON k.tag = r.case_tag WHERE " NETSAMPLER_ENDED
    "AND NOT EXISTS(SELECT 1 FROM includes x WHERE x.case_id = k.id AND x.recording = r.id) "
    "UNION SELECT i.case_id, r.id, 'waybill' FROM recordings r "
    "JOIN waybills seen ON seen.recording = r.id JOIN waybills told ON told.waybill = seen.waybill AND told.recording <> r.id "
    "JOIN includes i ON i.recording = told.recording "
    "JOIN recordings t ON t.id = told.recording AND t.kind IN ('purchase', 'logistics', 'supplement') "
    "AND coalesce(t.close_reason, '') <> 'void' "
    "JOIN cases k ON k.id = i.case_id "
    "WHERE r.kind IN ('unboxing', 'reception', 'reinspection') AND coalesce(r.case_tag, '') <> k.tag AND " NETSAMPLER_ENDED
    "AND NOT EXISTS(SELECT 1 FROM includes x WHERE x.case_id = i.case_id AND x.recording = r.id) ORDER BY 1, 2, 3";
inline constexpr const char* kUnclaimed =
    "SELECT r.id FROM recordings r WHERE NOT EXISTS(SELECT 1 FROM includes x WHERE x.recording = r.id) AND " NETSAMPLER_ENDED
    "ORDER BY r.opened_at_us, r.id LIMIT 200";
#undef NETSAMPLER_ENDED
inline constexpr const char* kClosed = "SELECT 1 FROM recordings WHERE id=? AND close_reason IS NOT NULL";
inline constexpr const char* kRecordingKind = "SELECT kind, coalesce(case_tag, '') FROM recordings WHERE id=?";
inline constexpr const char* kCaseCount = "SELECT count(*) FROM cases WHERE id <> 'box'";

// Reading, for the console. A recording belongs to a case when it was opened for it or its book includes it.
#define NETSAMPLER_RECORDING_COLUMNS                                                                                              \
  "SELECT r.id, r.kind, coalesce(r.display,''), r.opened_at_us, r.opened_boot_us, coalesce(r.samplers,'[]'), "                     \
  "coalesce(r.close_reason,''), coalesce(r.closed_at_us,0), c.last_seq, c.head, c.last_at_us, "                                   \
  "EXISTS(SELECT 1 FROM findings f WHERE f.chain='book' AND f.code='interrupted' AND f.recording=r.id), "                         \
  "(SELECT count(*) FROM segments s WHERE s.recording=r.id), coalesce((SELECT id FROM cases k WHERE k.tag=r.case_tag),'') "       \
  "FROM recordings r JOIN chains c ON c.chain='recording' AND c.id=r.id "
inline constexpr const char* kRecording = NETSAMPLER_RECORDING_COLUMNS "WHERE r.id=?";
inline constexpr const char* kRecordings = NETSAMPLER_RECORDING_COLUMNS "ORDER BY r.opened_at_us, r.id LIMIT 10000";
inline constexpr const char* kRecordingsOfCase = NETSAMPLER_RECORDING_COLUMNS
    "WHERE r.case_tag=(SELECT tag FROM cases WHERE id=?1) OR EXISTS(SELECT 1 FROM includes i WHERE i.case_id=?1 AND i.recording=r.id) "
    "ORDER BY r.opened_at_us, r.id";
#undef NETSAMPLER_RECORDING_COLUMNS

#define NETSAMPLER_CASE_COLUMNS                                                                                          \
  "SELECT k.id, coalesce(k.actor,''), k.opened_at_us, k.opened, c.last_seq, c.head, c.last_at_us FROM cases k "          \
  "JOIN chains c ON c.chain='book' AND c.id=k.id "
inline constexpr const char* kCases = NETSAMPLER_CASE_COLUMNS "WHERE k.id <> 'box' ORDER BY k.opened_at_us DESC, k.id LIMIT 10000";
inline constexpr const char* kCase = NETSAMPLER_CASE_COLUMNS "WHERE k.id=?";
#undef NETSAMPLER_CASE_COLUMNS

inline constexpr const char* kSources =
    "SELECT seq, source, medium, width, height, codec, time_base, start_us, path, init_sha256, coalesce(follows,'') FROM sources WHERE recording=? ORDER BY seq";
#define NETSAMPLER_SEGMENT_COLUMNS                                                                                                     \
  "SELECT seq, source, no, path, bytes, sha256, key, frames, dropped, first_pts, last_pts, last_duration, first_us, last_us, at_us " \
  "FROM segments WHERE recording=? AND source=? "
inline constexpr const char* kSegments = NETSAMPLER_SEGMENT_COLUMNS "ORDER BY seq";
inline constexpr const char* kNewestSegments = NETSAMPLER_SEGMENT_COLUMNS "ORDER BY seq DESC LIMIT ?";
#undef NETSAMPLER_SEGMENT_COLUMNS
inline constexpr const char* kGaps = "SELECT seq, source, cause, from_us, to_us FROM gaps WHERE recording=? ORDER BY seq";
inline constexpr const char* kPages =
    "SELECT seq, page, kind, origin, status, responses, bytes, from_us, to_us, ended, url, title, files FROM pages WHERE recording=? ORDER BY seq";
inline constexpr const char* kFacts =
    "SELECT seq, page, kind, item, name, origin, confidence, rect, value, amount_minor, raw, at_us FROM facts WHERE recording=? ORDER BY seq";
inline constexpr const char* kChapters = "SELECT seq, item, page, source, from_us FROM chapters WHERE recording=? ORDER BY seq";
inline constexpr const char* kMarks = "SELECT seq, item, actor, from_us, note FROM marks WHERE recording=? ORDER BY seq";
inline constexpr const char* kFindings =
    "SELECT seq, code, severity, recording, source, page, from_us, to_us, count, at_us FROM findings WHERE chain=? AND id=? ORDER BY seq";
inline constexpr const char* kOthers = "SELECT seq, type, at_us, body, opened FROM others WHERE recording=? ORDER BY seq";
inline constexpr const char* kIncludes =
    "SELECT seq, recording, head, last_seq, role, why, at_us FROM includes WHERE case_id=? ORDER BY seq";
inline constexpr const char* kBookRecords =
    "SELECT seq, type, actor, at_us, body, opened FROM book_records WHERE case_id=? ORDER BY seq";

}  // namespace netsampler::sql
