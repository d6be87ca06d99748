// withheld.jsonl, a tag file of a package from which something was left out: what, by whom, and why. Lines in the records' profile
// (canonical JSON, at most 64 KiB with the newline). The first: {"format":"netsampler-withheld","head":hash,"original"?:hash,
// "profile":text,"v":1}; then one for each item, ordered by path, then seq, then index, none twice:
//   a file      {"bytes":int,"by":text,"path":text,"reason":text,"sha256":hash}
//   an opening  {"by":text,"index":int,"path":text,"reason":text,"seq":int}     (path: the private.jsonl whose line shows the leaf alone)
// Paths are from the package's root. The list proves nothing by itself: records say what a withheld file was, leaves what an opening was.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "evidence/base/json.h"

namespace netsampler {

inline constexpr const char* kWithheldFile = "withheld.jsonl";
inline constexpr std::size_t kReasonBytes = 300;

struct WithheldHeader {
  std::string profile;   // full, panel, seller, public
  std::string head;      // of the case's book in this package, hex: its time is when
  std::string original;  // SHA-256 of tagmanifest-sha256.txt of the package that this one was made from, hex; empty: made from the box's data
};

struct WithheldItem {
  std::string path;
  std::int64_t seq = -1, index = -1;  // both -1: a file
  std::int64_t bytes = 0;             // of a file, as is sha256 (hex)
  std::string sha256;
  std::string by;      // account id, as in a book's `actor`
  std::string reason;  // 1 to kReasonBytes, no control characters
  bool is_file() const { return seq < 0; }
  auto place() const { return std::tie(path, seq, index); }
};

// Is this a reason as the list may carry it?
bool is_withheld_reason(std::string_view text);
// Can the list name this file? "data/", then parts as in records, at most 300 bytes.
bool is_withheld_path(const std::string& path);
// The whole file; sorts.
std::string print_withheld(const WithheldHeader& header, std::vector<WithheldItem> items);
Result<WithheldHeader> parse_withheld_header(std::string_view line);
// The order is the caller's to check.
Result<WithheldItem> parse_withheld_item(std::string_view line);

}  // namespace netsampler
