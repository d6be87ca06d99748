// Personal members: they stand in no record, only as salted openings in private.jsonl beside the chain. A record carries
// `private_root` (RFC 6962 root over the leaves) and `private_count`. A reader may be given the leaf instead of the opening:
// the root still computes, and without the salt (16 random bytes) a guess of the value cannot be tested.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "evidence/base/json.h"
#include "evidence/format/merkle.h"

namespace netsampler {

// One line of private.jsonl. Opened: field, salt (32 hex digits), value. Withheld: only the leaf.
struct Opening {
  std::int64_t seq = 0;
  std::int64_t index = 0;
  bool withheld = false;
  std::string field, salt;
  Json value;
  Hash leaf{};
};

// SHA-256(0x00 ‖ JCS([salt, field, value])).
Hash opening_leaf(const std::string& salt, const std::string& field, const Json& value);

// What a writer needs for one record: lines for private.jsonl (without newline, in order), and the record's two members.
struct Openings {
  std::vector<std::string> lines;
  Hash root{};
  std::int64_t count = 0;
};
// `fields`: an object field → value, fields [a-z0-9_]+ (an object's keys are unique and sorted by bytes, as the format wants).
// Refuses values outside the JSON profile and lines over 64 KiB. An empty object is count 0: the record has no private members.
Result<Openings> make_openings(std::int64_t seq, const Json& fields);

// Either form, canonical, exactly its members.
Result<Opening> parse_opening(std::string_view line);
// The line that takes an opened one's place.
std::string withheld_line(const Opening& opening);

}  // namespace netsampler
