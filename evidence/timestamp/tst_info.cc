#include "evidence/timestamp/tst_info.h"

#include <algorithm>

#include "evidence/timestamp/der.h"

namespace netsampler::timestamp {
namespace {

constexpr const char* kSha256 = "2.16.840.1.101.3.4.2.1";
constexpr const char* kSm3 = "1.2.156.10197.1.401";
constexpr std::size_t kWordsBytes = 200;
constexpr std::uint8_t kUtf8 = 0x0C;

Error broken(const char* what) { return fail(ErrorKind::invalid, what); }

Result<std::string> next_oid(DerReader& reader) {
  const DerValue value = TRY(reader.next(der::kOid));
  return oid_text(value.content);
}

std::string printable(ByteView bytes) {
  std::string text(as_text(bytes.first(std::min(bytes.size(), kWordsBytes))));
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return text;
}

Result<void> read_status(DerReader reader, Response& response) {
  const DerValue status = TRY(reader.next(der::kInteger));
  response.status = TRY(small_integer(status.content));
  const auto words = TRY(reader.optional(der::kSequence));
  if (!words.has_value()) return {};
  DerReader list(words->content);
  const auto first = TRY(list.optional(kUtf8));
  if (first.has_value()) response.words = printable(first->content);
  return {};
}

Result<void> read_imprint(DerReader reader, TstInfo& info) {
  DerReader algorithm = TRY(reader.enter(der::kSequence));
  info.imprint_oid = TRY(next_oid(algorithm));
  const DerValue hash = TRY(reader.next(der::kOctets));
  TRY(reader.end());
  info.imprint_known = (info.imprint_oid == kSha256 || info.imprint_oid == kSm3) && hash.content.size() == info.facts.imprint.size();
  info.facts.imprint_kind = info.imprint_oid == kSm3 ? HashKind::sm3 : HashKind::sha256;
  if (info.imprint_known) std::copy(hash.content.begin(), hash.content.end(), info.facts.imprint.begin());
  return {};
}

// One of the parts of Accuracy: absent is 0.
Result<std::int64_t> part_of(DerReader& reader, std::uint8_t tag, std::int64_t limit) {
  const auto value = TRY(reader.optional(tag));
  if (!value.has_value()) return std::int64_t{0};
  const std::int64_t number = TRY(small_integer(value->content));
  if (number > limit) return broken("an accuracy out of range");
  return number;
}

Result<std::int64_t> read_accuracy(DerReader reader) {
  const std::int64_t seconds = TRY(part_of(reader, der::kInteger, 1'000'000'000));
  const std::int64_t millis = TRY(part_of(reader, der::primitive(0), 999));
  const std::int64_t micros = TRY(part_of(reader, der::primitive(1), 999));
  TRY(reader.end());
  return seconds * 1'000'000 + millis * 1000 + micros;
}

Result<void> read_rest(DerReader& reader, TokenFacts& facts) {
  const auto accuracy = TRY(reader.optional(der::kSequence));
  if (accuracy.has_value()) facts.accuracy_us = TRY(read_accuracy(DerReader(accuracy->content)));
  TRY(reader.optional(der::kBoolean));  // ordering
  const auto nonce = TRY(reader.optional(der::kInteger));
  if (nonce.has_value()) facts.nonce = TRY(integer_bytes(nonce->content));
  TRY(reader.optional(der::context(0)));  // tsa: a name, bound to nothing
  if (reader.next_is(der::context(1))) return broken("an extension of TSTInfo that is not known here");
  return reader.end();
}

}  // namespace

Result<Response> read_envelope(ByteView bytes) {
  if (bytes.size() > kResponseLimitBytes) return broken("more than 1 MiB");
  Response response;
  DerReader outside(bytes);
  DerReader reader = TRY(outside.enter(der::kSequence));
  TRY(outside.end());
  const DerReader status = TRY(reader.enter(der::kSequence));
  TRY(read_status(status, response));
  const auto token = TRY(reader.optional(der::kSequence));
  if (token.has_value()) response.token = token->whole;
  TRY(reader.end());
  return response;
}

Result<TstInfo> read_tst_info(ByteView content) {
  TstInfo info;
  DerReader outside(content);
  DerReader reader = TRY(outside.enter(der::kSequence));
  TRY(outside.end());
  const DerValue version = TRY(reader.next(der::kInteger));
  const std::int64_t number = TRY(small_integer(version.content));
  if (number != 1) return broken("a TSTInfo of another version than 1");
  info.facts.policy = TRY(next_oid(reader));
  const DerReader imprint = TRY(reader.enter(der::kSequence));
  TRY(read_imprint(imprint, info));
  const DerValue serial = TRY(reader.next(der::kInteger));
  info.facts.serial = TRY(integer_bytes(serial.content));
  const DerValue time = TRY(reader.next(der::kTime));
  info.facts.gen_time_us = TRY(time_us(time.content));
  TRY(read_rest(reader, info.facts));
  return info;
}

}  // namespace netsampler::timestamp
