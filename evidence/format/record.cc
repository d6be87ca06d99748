#include "evidence/format/record.h"

#include <algorithm>
#include <array>

#include "evidence/format/names.h"

namespace netsampler {
namespace {

constexpr const char* kRecordPrefix = "netsampler/v1/record\n";
constexpr const char* kOpenPrefix = "netsampler/v1/open\n";
constexpr std::array kEnvelopeMembers{"v",    "type",    "seq",  "prev",  "at_us",     "err_us",
                                      "clock", "boot",    "boot_us", "recording", "epoch", "case",
                                      "actor", "private_root", "private_count", "sig"};
constexpr std::array kClockStates{"synchronised", "holdover", "unsynchronised", "stepped"};

Bytes message_of(const char* prefix, const Json& object) {
  Bytes message;
  append(message, as_bytes(prefix));
  append(message, sha256(as_bytes(canonical(object))));
  return message;
}

Bytes record_message(Json object) {
  object.erase("sig");
  return message_of(kRecordPrefix, object);
}

Bytes open_message(Json object) {
  object.erase("sig");
  object.erase("box_sig");
  return message_of(kOpenPrefix, object);
}

bool is_envelope_member(const std::string& key) {
  return std::find(kEnvelopeMembers.begin(), kEnvelopeMembers.end(), key) != kEnvelopeMembers.end();
}

Result<std::int64_t> get_count(const Json& object, const char* key) {
  const std::int64_t value = TRY(get_int(object, key));
  if (value < 0) return fail(ErrorKind::invalid, std::string("member is negative: ") + key);
  return value;
}

Result<void> read_times(const Json& object, Envelope& head) {
  head.at_us = TRY(get_count(object, "at_us"));
  head.err_us = TRY(get_count(object, "err_us"));
  head.boot_us = TRY(get_count(object, "boot_us"));
  head.boot = TRY(get_string(object, "boot"));
  head.clock = TRY(get_string(object, "clock"));
  if (std::find(kClockStates.begin(), kClockStates.end(), head.clock) == kClockStates.end())
    return fail(ErrorKind::invalid, "member is no clock state: clock");
  return {};
}

Result<void> read_owner(const Json& object, Envelope& head) {
  const bool in_recording = object.contains("recording") && object.contains("epoch");
  const bool in_book = object.contains("case") && object.contains("actor");
  // `include` has a member `recording` of its own, so `epoch` and `case` decide.
  if (object.contains("epoch") == object.contains("case") || (!in_recording && !in_book))
    return fail(ErrorKind::invalid, "neither a recording's record (recording, epoch) nor a book's (case, actor)");
  head.chain = in_book ? ChainKind::book : ChainKind::recording;
  head.owner = TRY(get_string(object, in_book ? "case" : "recording"));
  if (in_book) head.actor = TRY(get_string(object, "actor"));
  if (!in_book) head.epoch = TRY(get_count(object, "epoch"));
  if (in_book ? !is_case_id(head.owner) : !is_recording_id(head.owner))
    return fail(ErrorKind::invalid, "an id outside its rule: " + std::string(in_book ? "case" : "recording"));
  return {};
}

Result<void> read_private(const Json& object, Envelope& head) {
  if (!object.contains("private_root") && !object.contains("private_count")) return {};
  head.private_count = TRY(get_count(object, "private_count"));
  const std::string root = TRY(get_string(object, "private_root"));
  head.private_root = TRY_WITH(hash_from_hex(root), "private_root");
  if (head.private_count == 0) return fail(ErrorKind::invalid, "private_count is 0: then it is left out");
  return {};
}

Result<Envelope> read_envelope(const Json& object) {
  Envelope head;
  if (TRY(get_int(object, "v")) != 1) return fail(ErrorKind::invalid, "a version other than 1: v");
  head.type = TRY(get_string(object, "type"));
  head.seq = TRY(get_count(object, "seq"));
  const std::string prev = TRY(get_string(object, "prev"));
  head.prev = TRY_WITH(hash_from_hex(prev), "prev");
  TRY(read_times(object, head));
  TRY(read_owner(object, head));
  TRY(read_private(object, head));
  return head;
}

// A book's `include` says which recording it means with the name that a recording's envelope uses; a recording's `mark` says
// who made it with the name that a book's envelope uses.
bool belongs_to_body(const Envelope& head, const std::string& key) {
  return !is_envelope_member(key) || key == (head.chain == ChainKind::book ? "recording" : "actor");
}

}  // namespace

Result<Json> make_record(const Envelope& envelope, const Json& body) {
  if (!body.is_object()) return fail(ErrorKind::invalid, "a record's body is an object");
  for (const auto& item : body.items())
    if (!belongs_to_body(envelope, item.key()))
      return fail(ErrorKind::invalid, "the body may not carry the envelope's member: " + item.key());
  Json object = body;
  object.update({{"v", 1}, {"type", envelope.type}, {"seq", envelope.seq}, {"prev", hex_of(envelope.prev)},
                 {"at_us", envelope.at_us}, {"err_us", envelope.err_us}, {"clock", envelope.clock},
                 {"boot", envelope.boot}, {"boot_us", envelope.boot_us}});
  if (envelope.chain == ChainKind::book)
    object.update({{"case", envelope.owner}, {"actor", envelope.actor}});
  else
    object.update({{"recording", envelope.owner}, {"epoch", envelope.epoch}});
  if (envelope.private_count > 0)
    object.update({{"private_root", hex_of(envelope.private_root)}, {"private_count", envelope.private_count}});
  return object;
}

Result<std::string> seal_record(Json object, const SigningKey& key) {
  if (const auto why = outside_profile(object, kRecordDepth)) return fail(ErrorKind::invalid, "record refused: " + *why);
  TRY(read_envelope(object));
  object["sig"] = to_base64(key.sign(record_message(object)));
  std::string line = canonical(object);
  if (line.size() >= kLineBytes) return fail(ErrorKind::invalid, "record refused: longer than 64 KiB");
  return line;
}

Result<std::string> seal_open(Json object, const SigningKey& box, const SigningKey& epoch_0) {
  if (const auto why = outside_profile(object, kRecordDepth)) return fail(ErrorKind::invalid, "record refused: " + *why);
  object["box_sig"] = to_base64(box.sign(open_message(object)));
  return seal_record(std::move(object), epoch_0);
}

Result<Record> parse_record(std::string_view line) {
  Record record;
  record.object = TRY(parse_canonical(line, {kLineBytes - 1, kRecordDepth}));
  record.head = TRY(read_envelope(record.object));
  const std::string signature = TRY(get_string(record.object, "sig"));
  TRY_WITH(signature_from_base64(signature), "sig");
  record.body = Json::object();
  for (const auto& item : record.object.items())
    if (belongs_to_body(record.head, item.key())) record.body[item.key()] = item.value();
  return record;
}

Hash line_hash(std::string_view line) { return sha256(as_bytes(line)); }

bool record_signature_holds(const Record& record, const PublicKey& key) {
  const auto signature = signature_from_base64(string_or(record.object, "sig", ""));
  return signature.ok() && verify_signature(key, record_message(record.object), *signature);
}

bool box_signature_holds(const Record& open, const PublicKey& box) {
  const auto signature = signature_from_base64(string_or(open.object, "box_sig", ""));
  return signature.ok() && verify_signature(box, open_message(open.object), *signature);
}

}  // namespace netsampler
