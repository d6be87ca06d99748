#include "evidence/timestamp/der.h"

#include <algorithm>
#include <chrono>

namespace netsampler::timestamp {
namespace {

constexpr std::size_t kArcs = 32, kIntegerBytes = 64, kFractionDigits = 9;

Error broken(const char* what) { return fail(ErrorKind::invalid, what); }

// The length behind the tag and how many bytes it takes.
struct Length {
  std::size_t value = 0, bytes = 0;
};

Result<Length> read_length(ByteView bytes) {
  if (bytes.empty()) return broken("a length is cut off");
  const std::size_t more = bytes[0] & 0x7F;
  if ((bytes[0] & 0x80) == 0) return Length{bytes[0], 1};
  if (more == 0 || more > 4 || more >= bytes.size()) return broken("a length is indefinite, cut off or too large");
  Length length{0, 1 + more};
  for (std::size_t i = 1; i <= more; ++i) length.value = length.value << 8 | bytes[i];
  if (bytes[1] == 0 || length.value < 0x80) return broken("a length is not in its shortest form");
  return length;
}

int digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  for (std::size_t i = from; i < from + count; ++i) value = value * 10 + (text[i] - '0');
  return value;
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<std::int64_t> fraction_us(std::string_view text) {  // behind the point, without Z
  if (text.empty() || text.size() > kFractionDigits || !all_digits(text)) return broken("a time's fraction is malformed");
  std::string padded(text.substr(0, 6));
  padded.resize(6, '0');
  return digits(padded, 0, 6);
}

Result<std::int64_t> whole_seconds(std::string_view text) {  // "YYYYMMDDhhmmss"
  using namespace std::chrono;
  const year_month_day date{year(digits(text, 0, 4)), month(static_cast<unsigned>(digits(text, 4, 2))),
                            day(static_cast<unsigned>(digits(text, 6, 2)))};
  const int hour = digits(text, 8, 2), minute = digits(text, 10, 2), second = digits(text, 12, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return broken("a time is no time of the calendar");
  return sys_days(date).time_since_epoch().count() * std::int64_t{86400} + hour * 3600 + minute * 60 + second;
}

}  // namespace

Result<DerValue> DerReader::next() {
  if (rest_.empty()) return broken("a value is missing");
  if ((rest_[0] & 0x1F) == 0x1F) return broken("a tag of several bytes");
  const Length length = TRY(read_length(rest_.subspan(1)));
  const std::size_t header = 1 + length.bytes;
  if (length.value > rest_.size() - header) return broken("a value is cut off");
  const DerValue value{rest_[0], rest_.first(header + length.value), rest_.subspan(header, length.value)};
  rest_ = rest_.subspan(header + length.value);
  return value;
}

Result<DerValue> DerReader::next(std::uint8_t tag) {
  if (!next_is(tag)) return broken(rest_.empty() ? "a value is missing" : "a value of another type stands there");
  return next();
}

Result<std::optional<DerValue>> DerReader::optional(std::uint8_t tag) {
  if (!next_is(tag)) return std::optional<DerValue>();
  const DerValue value = TRY(next());
  return std::optional<DerValue>(value);
}

Result<DerReader> DerReader::enter(std::uint8_t tag) {
  const DerValue value = TRY(next(tag));
  return DerReader(value.content);
}

Result<void> DerReader::end() const {
  if (!rest_.empty()) return broken("bytes stand behind the end");
  return {};
}

Result<std::string> oid_text(ByteView content) {
  if (content.empty() || (content.back() & 0x80) != 0) return broken("an object identifier is cut off");
  std::string text;
  std::size_t arcs = 0;
  std::uint64_t arc = 0;
  bool first_byte = true;
  for (const std::uint8_t byte : content) {
    if ((first_byte && byte == 0x80) || arc >> 56 != 0) return broken("an object identifier is malformed");
    arc = arc << 7 | (byte & 0x7F);
    first_byte = (byte & 0x80) == 0;
    if (!first_byte) continue;
    if (++arcs > kArcs) return broken("an object identifier is too long");
    const std::uint64_t root = std::min<std::uint64_t>(arc / 40, 2);
    text += arcs == 1 ? std::to_string(root) + "." + std::to_string(arc - root * 40) : "." + std::to_string(arc);
    arc = 0;
  }
  return text;
}

Result<Bytes> integer_bytes(ByteView content) {
  if (content.empty() || content.size() > kIntegerBytes) return broken("a number is empty or too large");
  if (content.size() > 1 && ((content[0] == 0 && content[1] < 0x80) || (content[0] == 0xFF && content[1] >= 0x80)))
    return broken("a number is not in its shortest form");
  return Bytes(content.begin(), content.end());
}

Result<std::int64_t> small_integer(ByteView content) {
  TRY(integer_bytes(content));
  if (content.size() > 8 || (content[0] & 0x80) != 0) return broken("a number is out of range");
  std::int64_t value = 0;
  for (const std::uint8_t byte : content) value = value << 8 | byte;
  return value;
}

Result<std::int64_t> time_us(ByteView content) {
  std::string_view text = as_text(content);
  if (text.size() < 15 || text.back() != 'Z' || !all_digits(text.substr(0, 14))) return broken("a time is malformed");
  text.remove_suffix(1);
  const std::int64_t seconds = TRY(whole_seconds(text.substr(0, 14)));
  if (text.size() == 14) return seconds * 1'000'000;
  if (text[14] != '.') return broken("a time is malformed");
  const std::int64_t fraction = TRY(fraction_us(text.substr(15)));
  return seconds * 1'000'000 + fraction;
}

}  // namespace netsampler::timestamp
