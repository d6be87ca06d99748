// SQLite behind values: the one door to the library in this folder. The index is a copy of the chains; nothing here is evidence.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "evidence/base/result.h"

namespace netsampler {

using SqlValue = std::variant<std::monostate, std::int64_t, std::string>;

// A result row by column position. A column of another type, or NULL, reads as 0, "" or nothing.
class SqlRow {
 public:
  explicit SqlRow(std::vector<SqlValue> values) : values_(std::move(values)) {}
  std::int64_t integer(std::size_t column) const;
  std::string text(std::size_t column) const;
  std::optional<std::int64_t> maybe_integer(std::size_t column) const;
  std::size_t size() const { return values_.size(); }

 private:
  std::vector<SqlValue> values_;
};

inline constexpr std::size_t kSqlRowLimit = 200'000;  // rows of one query; more is `full`

class Database {
 public:
  // Writable: made where absent, WAL, synchronous=FULL. Read-only: `not_found` where absent; waits at most 5 s for a writer.
  static Result<Database> open(const std::string& path, bool read_only);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  Result<void> run(const char* sql, const std::vector<SqlValue>& values = {});   // one statement
  Result<void> script(const std::string& sql);                                   // several, without values
  Result<std::vector<SqlRow>> query(const char* sql, const std::vector<SqlValue>& values = {}) const;

 private:
  struct Handle;
  explicit Database(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

}  // namespace netsampler
