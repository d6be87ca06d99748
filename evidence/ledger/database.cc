#include "evidence/ledger/database.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

namespace netsampler {

struct Database::Handle {
  SQLite::Database database;
  Handle(const std::string& path, int flags) : database(path, flags, 5000) {}
};

namespace {

Error refused(const SQLite::Exception& error) {
  const int code = error.getErrorCode();
  ErrorKind kind = ErrorKind::io;
  if (code == SQLITE_FULL) kind = ErrorKind::full;
  if (code == SQLITE_CANTOPEN) kind = ErrorKind::not_found;
  if (code == SQLITE_BUSY) kind = ErrorKind::busy;
  return fail(kind, std::string("index: ") + error.what() + " (delete it and it is rebuilt)");
}

void bind(SQLite::Statement& statement, const std::vector<SqlValue>& values) {
  int position = 1;
  for (const auto& value : values) {
    if (const auto* number = std::get_if<std::int64_t>(&value))
      statement.bind(position, *number);
    else if (const auto* text = std::get_if<std::string>(&value))
      statement.bind(position, *text);
    else
      statement.bind(position);
    ++position;
  }
}

SqlValue value_of(const SQLite::Column& column) {
  if (column.isInteger()) return std::int64_t{column.getInt64()};
  if (column.isText()) return column.getString();
  return std::monostate{};
}

}  // namespace

std::int64_t SqlRow::integer(std::size_t column) const { return maybe_integer(column).value_or(0); }
std::string SqlRow::text(std::size_t column) const {
  const auto* text = column < values_.size() ? std::get_if<std::string>(&values_[column]) : nullptr;
  return text == nullptr ? "" : *text;
}
std::optional<std::int64_t> SqlRow::maybe_integer(std::size_t column) const {
  const auto* number = column < values_.size() ? std::get_if<std::int64_t>(&values_[column]) : nullptr;
  if (number == nullptr) return std::nullopt;
  return *number;
}

Database::Database(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const std::string& path, bool read_only) {
  try {
    const int flags = read_only ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
    auto handle = std::make_unique<Handle>(path, flags);
    if (!read_only) handle->database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
    return Database(std::move(handle));
  } catch (const SQLite::Exception& error) {
    return refused(error).with(path);
  }
}

Result<void> Database::run(const char* sql, const std::vector<SqlValue>& values) {
  try {
    SQLite::Statement statement(handle_->database, sql);
    bind(statement, values);
    statement.exec();
    return {};
  } catch (const SQLite::Exception& error) {
    return refused(error);
  }
}

Result<void> Database::script(const std::string& sql) {
  try {
    handle_->database.exec(sql);
    return {};
  } catch (const SQLite::Exception& error) {
    return refused(error);
  }
}

Result<std::vector<SqlRow>> Database::query(const char* sql, const std::vector<SqlValue>& values) const {
  try {
    SQLite::Statement statement(handle_->database, sql);
    bind(statement, values);
    std::vector<SqlRow> rows;
    while (statement.executeStep()) {
      if (rows.size() >= kSqlRowLimit) return fail(ErrorKind::full, "index: more than 200,000 rows asked for at once");
      std::vector<SqlValue> columns;
      for (int i = 0; i < statement.getColumnCount(); ++i) columns.push_back(value_of(statement.getColumn(i)));
      rows.emplace_back(std::move(columns));
    }
    return rows;
  } catch (const SQLite::Exception& error) {
    return refused(error);
  }
}

}  // namespace netsampler
