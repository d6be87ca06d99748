#include "evidence/format/private.h"

#include <array>

#include "evidence/format/record.h"

namespace netsampler {
namespace {

Result<Opening> parse_withheld(const Json& object, Opening opening) {
  if (object.size() != 3) return fail(ErrorKind::invalid, "a withheld line has index, leaf, seq and nothing else");
  opening.withheld = true;
  const std::string leaf = TRY(get_string(object, "leaf"));
  opening.leaf = TRY(hash_from_hex(leaf));
  return opening;
}

Result<Opening> parse_opened(const Json& object, Opening opening) {
  if (object.size() != 5 || !object.contains("value"))
    return fail(ErrorKind::invalid, "an opening has field, index, salt, seq, value and nothing else");
  opening.field = TRY(get_string(object, "field"));
  opening.salt = TRY(get_string(object, "salt"));
  opening.value = object["value"];
  if (TRY(from_hex(opening.salt)).size() != 16) return fail(ErrorKind::invalid, "a salt that is not 16 bytes");
  opening.leaf = opening_leaf(opening.salt, opening.field, opening.value);
  return opening;
}

}  // namespace

Hash opening_leaf(const std::string& salt, const std::string& field, const Json& value) {
  return leaf_hash(as_bytes(canonical(Json::array({salt, field, value}))));
}

Result<Openings> make_openings(std::int64_t seq, const Json& fields) {
  if (!fields.is_object()) return fail(ErrorKind::invalid, "private members are an object field → value");
  if (const auto why = outside_profile(fields, kRecordDepth - 1)) return fail(ErrorKind::invalid, "private: " + *why);
  Openings made;
  std::vector<Hash> leaves;
  for (const auto& item : fields.items()) {
    std::array<std::uint8_t, 16> salt{};
    random_fill(salt);
    Json line = {{"field", item.key()}, {"index", made.count++}, {"salt", to_hex(salt)}, {"seq", seq}, {"value", item.value()}};
    leaves.push_back(opening_leaf(line["salt"], item.key(), item.value()));
    made.lines.push_back(canonical(line));
    if (made.lines.back().size() >= kLineBytes) return fail(ErrorKind::invalid, "private member over 64 KiB: " + item.key());
  }
  made.root = merkle_root(leaves);
  return made;
}

Result<Opening> parse_opening(std::string_view line) {
  const Json object = TRY(parse_canonical(line, {kLineBytes - 1, kRecordDepth}));
  Opening opening;
  opening.seq = TRY(get_int(object, "seq"));
  opening.index = TRY(get_int(object, "index"));
  if (opening.seq < 0 || opening.index < 0) return fail(ErrorKind::invalid, "a negative seq or index");
  if (object.contains("leaf")) return parse_withheld(object, std::move(opening));
  return parse_opened(object, std::move(opening));
}

std::string withheld_line(const Opening& opening) {
  return canonical({{"index", opening.index}, {"leaf", hex_of(opening.leaf)}, {"seq", opening.seq}});
}

}  // namespace netsampler
