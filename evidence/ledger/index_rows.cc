#include "evidence/ledger/index_rows.h"

#include "evidence/format/names.h"
#include "evidence/ledger/index_sql.h"

namespace netsampler {
namespace {

SqlValue text(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::monostate{};
  return found->is_string() ? found->get<std::string>() : print(*found);
}
SqlValue integer(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::monostate{};
  if (found->is_boolean()) return std::int64_t{found->get<bool>()};
  if (!found->is_number_integer()) return std::monostate{};
  return found->get<std::int64_t>();
}

Json file_of(const Json& body) {
  const auto found = body.find("file");
  return found != body.end() && found->is_object() ? *found : Json::object();
}

struct Put {
  Database& database;
  const IndexEntry& entry;
  const Envelope& head;
  const Json& body;
};

Result<void> put_open(const Put& p) {
  return p.database.run(sql::kPutRecording,
                        {p.head.owner, text(p.body, "kind"), text(p.body, "case_tag"), text(p.body, "display"), p.head.boot,
                         p.head.at_us, p.head.boot_us, text(p.body, "samplers"), text(p.body, "software_version")});
}
Result<void> put_close(const Put& p) {
  return p.database.run(sql::kCloseRecording, {text(p.body, "reason"), p.head.at_us, p.head.owner});
}
Result<void> put_source(const Put& p) {
  return p.database.run(sql::kPutSource,
                        {p.head.owner, p.head.seq, text(p.body, "source"), text(p.body, "medium"), integer(p.body, "width"),
                         integer(p.body, "height"), text(p.body, "codec"), integer(p.body, "time_base"), integer(p.body, "start_us"),
                         text(file_of(p.body), "path"), text(file_of(p.body), "sha256"), text(p.body, "follows")});
}
Result<void> put_segment(const Put& p) {
  const Json file = file_of(p.body);
  return p.database.run(sql::kPutSegment,
                        {p.head.owner, p.head.seq, text(p.body, "source"), integer(p.body, "no"), text(file, "path"),
                         integer(file, "bytes"), text(file, "sha256"), integer(p.body, "key"), integer(p.body, "frames"),
                         integer(p.body, "dropped"), integer(p.body, "first_pts"), integer(p.body, "last_pts"),
                         integer(p.body, "last_duration"), integer(p.body, "first_us"), integer(p.body, "last_us"), p.head.at_us});
}
Result<void> put_gap(const Put& p) {
  return p.database.run(sql::kPutGap, {p.head.owner, p.head.seq, text(p.body, "source"), text(p.body, "cause"),
                                       integer(p.body, "from_us"), integer(p.body, "to_us")});
}
Result<void> put_page(const Put& p) {
  return p.database.run(sql::kPutPage,
                        {p.head.owner, p.head.seq, integer(p.body, "page"), text(p.body, "kind"), text(p.body, "origin"),
                         integer(p.body, "status"), integer(p.body, "responses"), integer(p.body, "bytes"), integer(p.body, "from_us"),
                         integer(p.body, "to_us"), text(p.body, "ended"), text(p.entry.opened, "url"), text(p.entry.opened, "title"),
                         text(p.body, "files")});
}
Result<void> put_fact(const Put& p) {
  return p.database.run(sql::kPutFact,
                        {p.head.owner, p.head.seq, integer(p.body, "page"), text(p.body, "kind"), text(p.body, "item"),
                         text(p.body, "name"), text(p.body, "from"), integer(p.body, "confidence"), text(p.body, "rect"),
                         text(p.entry.opened, "value"), integer(p.entry.opened, "value"), text(p.entry.opened, "raw"), p.head.at_us});
}
Result<void> put_chapter(const Put& p) {
  return p.database.run(sql::kPutChapter, {p.head.owner, p.head.seq, text(p.body, "item"), integer(p.body, "page"),
                                           text(p.body, "source"), integer(p.body, "from_us")});
}
Result<void> put_mark(const Put& p) {
  return p.database.run(sql::kPutMark, {p.head.owner, p.head.seq, text(p.body, "item"), text(p.body, "actor"),
                                        integer(p.body, "from_us"), text(p.entry.opened, "note")});
}
Result<void> put_other(const Put& p) {
  return p.database.run(sql::kPutOther,
                        {p.head.owner, p.head.seq, p.head.type, p.head.at_us, print(p.body), print(p.entry.opened)});
}
Result<void> put_nothing(const Put&) { return {}; }

Result<void> put_finding(const Put& p) {
  const std::string chain = p.head.chain == ChainKind::book ? "book" : "recording";
  return p.database.run(sql::kPutFinding,
                        {chain, p.head.owner, p.head.seq, text(p.body, "code"), text(p.body, "severity"), text(p.body, "recording"),
                         text(p.body, "source"), integer(p.body, "page"), integer(p.body, "from_us"), integer(p.body, "to_us"),
                         integer(p.body, "count"), p.head.at_us});
}
Result<void> put_case(const Put& p) {
  const Hash tag = TRY(chain_tag(string_or(p.body, "nonce", ""), p.head.owner));
  return p.database.run(sql::kPutCase, {p.head.owner, hex_of(tag), p.head.actor, p.head.at_us, print(p.entry.opened)});
}
Result<void> put_include(const Put& p) {
  return p.database.run(sql::kPutInclude, {p.head.owner, p.head.seq, text(p.body, "recording"), text(p.body, "head"),
                                           integer(p.body, "last_seq"), text(p.body, "role"), text(p.body, "why"), p.head.at_us});
}

struct Row {
  const char* type;
  Result<void> (*put)(const Put&);
};
constexpr Row kRecordingRows[] = {{"open", put_open},   {"close", put_close}, {"source", put_source},   {"segment", put_segment},
                                  {"gap", put_gap},     {"page", put_page},   {"fact", put_fact},       {"chapter", put_chapter},
                                  {"mark", put_mark},   {"epoch", put_nothing}, {"finding", put_finding}};
constexpr Row kBookRows[] = {{"case_open", put_case}, {"include", put_include}, {"finding", put_finding}};

Result<void> put_book_record(const Put& p) {
  TRY(p.database.run(sql::kPutBookRecord,
                     {p.head.owner, p.head.seq, p.head.type, p.head.actor, p.head.at_us, print(p.body), print(p.entry.opened)}));
  for (const Row& row : kBookRows)
    if (p.head.type == row.type) return row.put(p);
  return {};
}

Result<void> put_recording_record(const Put& p) {
  for (const Row& row : kRecordingRows)
    if (p.head.type == row.type) return row.put(p);
  return put_other(p);
}

}  // namespace

Result<void> put_rows(Database& database, const IndexEntry& entry) {
  const Envelope& head = entry.record.head;
  const Put put{database, entry, head, entry.record.body};
  const bool book = head.chain == ChainKind::book;
  TRY(book ? put_book_record(put) : put_recording_record(put));
  return database.run(sql::kPutChain, {std::string(book ? "book" : "recording"), head.owner, head.seq, entry.head, entry.end_bytes, head.at_us});
}

}  // namespace netsampler
