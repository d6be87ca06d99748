// What belongs into a package, read from the box's data: the book up to a head, the recordings it includes, their openings as the
// profile shows them. Nothing is written here.
#pragma once
#include <vector>

#include "evidence/base/file_system.h"
#include "evidence/format/record.h"

namespace netsampler {

// The book's text up to and with the record whose line has this hash, and what it says.
struct BookCut {
  std::string text;
  std::int64_t last_seq = -1;
  std::int64_t at_us = 0;                // of that record
  std::vector<std::string> recordings;   // included, sorted, each once
};
Result<BookCut> cut_book(const FileSystem& disk, const std::string& book_path, const std::string& head);

// One file of the payload: copied from `from`, or, where that is empty, written from `text`.
struct PayloadFile {
  std::string path;  // from the bag's root: "data/…"
  std::string from;
  std::string text;
  std::int64_t bytes = 0;
};
// Sorted by path. `cut` is the book's; files of recordings are all that lie in their directories.
Result<std::vector<PayloadFile>> payload_of(const FileSystem& disk, const std::string& data_root, const std::string& case_id,
                                            const BookCut& cut, const std::string& profile);

}  // namespace netsampler
