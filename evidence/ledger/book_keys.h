// Which keys a book was signed by, in their order: read from the book itself, which is where a change of the box's key is kept.
#pragma once
#include "evidence/base/file_system.h"
#include "evidence/format/key_change.h"

namespace netsampler {

struct BookKeys {
  PublicKey first{};
  std::int64_t from_us = 0;  // UTC of its first record
  KeyHistory changes;        // of its key_change records
  const PublicKey& current() const { return changes.empty() ? first : changes.back().box_key; }
};

// Nothing where there is no first record, or none that can be read (that book is damaged: told where it is recovered). Changes that do not follow, or do not hold, are an `io` error: damage.
Result<std::optional<BookKeys>> read_book_keys(const FileSystem& disk, const std::string& book_path);

// The part of `history` that leads from `key` to its end; empty where `key` is not one of its old keys.
KeyHistory changes_since(const KeyHistory& history, const PublicKey& key);

}  // namespace netsampler
