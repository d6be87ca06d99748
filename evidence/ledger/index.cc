#include "evidence/ledger/index.h"

#include "evidence/ledger/index_rows.h"
#include "evidence/ledger/index_sql.h"

namespace netsampler {
namespace {

const char* chain_name(ChainKind chain) { return chain == ChainKind::book ? "book" : "recording"; }

Result<void> make_schema(Database& database) {
  TRY(database.run(sql::kBegin));
  TRY(database.script(sql::kSchema));
  TRY(database.script("PRAGMA user_version = " + std::to_string(sql::kSchemaVersion)));
  return database.run(sql::kCommit);
}

Result<Database> open_current(const std::string& path) {
  Database database = TRY(Database::open(path, false));
  const auto version = TRY(database.query(sql::kReadVersion));
  const std::int64_t found = version.empty() ? 0 : version[0].integer(0);
  if (found == sql::kSchemaVersion) return database;
  if (found != 0) return fail(ErrorKind::invalid, "index of another version");
  TRY(make_schema(database));
  return database;
}

Result<void> drop(FileSystem& disk, const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"})
    if (exists(disk, path + suffix)) TRY(disk.remove(path + suffix));
  return {};
}

std::vector<std::string> first_column(const std::vector<SqlRow>& rows) {
  std::vector<std::string> texts;
  for (const auto& row : rows) texts.push_back(row.text(0));
  return texts;
}

}  // namespace

Result<Index> Index::open(FileSystem& disk, const std::string& path) {
  auto database = open_current(path);
  if (database.ok()) return Index(database.take());
  if (database.error().kind == ErrorKind::busy) return database.error();
  TRY_WITH(drop(disk, path), "dropping an unusable index");
  return Index(TRY(open_current(path)));
}

Result<void> Index::undo(Error why) {
  grouping_ = false;
  const Result<void> undone = database_.run(sql::kRollback);
  if (!undone.ok()) return std::move(why).with("and not undone: " + undone.error().text);
  return why;
}

Result<void> Index::put(const IndexEntry& entry) {
  if (!grouping_) TRY(database_.run(sql::kBegin));
  grouping_ = true;
  const Result<void> done = put_rows(database_, entry);
  return done.ok() ? done : undo(done.error());
}

Result<void> Index::flush() {
  if (!grouping_) return {};
  const Result<void> done = database_.run(sql::kCommit);
  if (!done.ok()) return undo(done.error());
  grouping_ = false;
  return {};
}

Result<void> Index::rebuild(const std::function<Result<void>(Index&)>& refill) {
  if (!grouping_) TRY(database_.run(sql::kBegin));
  grouping_ = true;
  for (const char* table : sql::kTables)
    if (const auto emptied = database_.run((std::string("DELETE FROM ") + table).c_str()); !emptied.ok()) return undo(emptied.error());
  const Result<void> filled = refill(*this);
  if (!filled.ok()) return grouping_ ? undo(filled.error()) : filled;  // a refused row has undone it all already
  return flush();
}

Result<std::optional<ChainEnd>> Index::end_of(ChainKind chain, const std::string& id) const {
  const auto rows = TRY(database_.query(sql::kChain, {std::string(chain_name(chain)), id}));
  if (rows.empty()) return std::optional<ChainEnd>();
  return std::optional<ChainEnd>(ChainEnd{rows[0].integer(0), rows[0].text(1), rows[0].integer(2)});
}

Result<std::vector<std::string>> Index::chain_ids(ChainKind chain) const {
  return first_column(TRY(database_.query(sql::kChainIds, {std::string(chain_name(chain))})));
}

Result<bool> Index::interruption_known(const std::string& recording) const {
  return !TRY(database_.query(sql::kInterruptionKnown, {recording})).empty();
}

Result<std::string> Index::case_of_tag(const std::string& tag) const {
  const auto rows = TRY(database_.query(sql::kCaseOfTag, {tag}));
  return rows.empty() ? std::string() : rows[0].text(0);
}

Result<bool> Index::is_included(const std::string& case_id, const std::string& recording) const {
  return !TRY(database_.query(sql::kIncluded, {case_id, recording})).empty();
}

Result<std::vector<Index::Due>> Index::due() const {
  std::vector<Due> found;
  for (const auto& row : TRY(database_.query(sql::kDue))) found.push_back({row.text(0), row.text(1), row.text(2)});
  return found;
}

Result<bool> Index::is_closed(const std::string& recording) const {
  return !TRY(database_.query(sql::kClosed, {recording})).empty();
}

Result<Index::Opened> Index::opened(const std::string& recording) const {
  const auto rows = TRY(database_.query(sql::kRecordingKind, {recording}));
  if (rows.empty()) return fail(ErrorKind::not_found, "no recording " + recording);
  return Opened{rows[0].text(0), rows[0].text(1)};
}

Result<std::vector<std::string>> Index::unclaimed() const { return first_column(TRY(database_.query(sql::kUnclaimed))); }

Result<std::int64_t> Index::case_count() const {
  const auto rows = TRY(database_.query(sql::kCaseCount));
  return rows.empty() ? 0 : rows[0].integer(0);
}

Result<std::string> Index::dump() const {
  std::string text;
  for (const char* table : sql::kTables) {
    const auto rows = TRY(database_.query((std::string("SELECT * FROM ") + table + " ORDER BY 1, 2, 3").c_str()));
    for (const auto& row : rows) {
      text += table;
      for (std::size_t i = 0; i < row.size(); ++i)
        text += "|" + (row.maybe_integer(i) ? std::to_string(row.integer(i)) : row.text(i));
      text += "\n";
    }
  }
  return text;
}

}  // namespace netsampler
