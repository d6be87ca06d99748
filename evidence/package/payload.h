// What belongs into a package, read from the box's data: the book up to a head, the recordings it includes, their openings and files
// as the mask shows them. Nothing is written here.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "evidence/base/crypto.h"
#include "evidence/base/file_system.h"
#include "evidence/format/record.h"
#include "evidence/format/withheld.h"
#include "evidence/package/mask.h"

namespace netsampler {

// The book's text up to and with the record whose line has this hash, and what it says.
struct BookCut {
  std::string text;
  std::int64_t last_seq = -1;
  std::int64_t at_us = 0;                // of that record
  std::vector<std::string> recordings;   // included, sorted, each once
  PublicKey box_key{};                   // signs what comes behind that record; zeros where the book names none
};
// The head of the book's last whole line, hex. `invalid`: there is none.
Result<std::string> last_head(const FileSystem& disk, const std::string& book_path);
Result<BookCut> cut_book(const FileSystem& disk, const std::string& book_path, const std::string& head);

// One file of the payload: copied from `from`, or, where that is empty, made by `make`, or written from `text`.
struct PayloadFile {
  std::string path;  // from the bag's root: "data/…"
  std::string from;
  std::string text;
  std::int64_t bytes = 0;
  std::optional<Hash> expected = {};  // what the package that it is copied from says of it
  std::function<Result<void>(const PieceVisitor& out)> make = {};  // `bytes` is then a guess until it is written
};

// A file that stays out: `item` as it will be declared. Read once more when the package is written: what is not as `item` says is not declared.
struct LeftOut {
  WithheldItem item;
  std::string from;  // empty: it was left out of the package before already
};

struct Payload {
  std::vector<PayloadFile> files;        // sorted by path
  std::vector<WithheldItem> openings;
  std::vector<LeftOut> left_out;
};

// Where a case lies: in a box's data, or in a package.
struct CaseSource {
  std::string case_directory, recordings;           // book.jsonl and its files; the directory of the recordings' directories
  std::map<std::string, Hash> expected = {};        // of a package: its manifest, by "data/…"
  std::vector<WithheldItem> withheld_before = {};   // of a package: what its withheld.jsonl declares
};

// The case under the mask. `cut` is the book's. Files of recordings are all that lie in their directories; under a profile other than full those
// that no record names stay out. `invalid`: a text that is not as its package's manifest says.
Result<Payload> payload_of(const FileSystem& disk, const CaseSource& source, const BookCut& cut, Mask& mask);

}  // namespace netsampler
