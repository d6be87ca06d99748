// Reading DER, value by value: definite lengths in their shortest form, tags of one byte, nothing else. Views only, no copies.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "evidence/base/bytes.h"

namespace netsampler::timestamp {

namespace der {
inline constexpr std::uint8_t kBoolean = 0x01, kInteger = 0x02, kOctets = 0x04, kNull = 0x05, kOid = 0x06, kTime = 0x18, kSequence = 0x30,
                              kSet = 0x31;
inline constexpr std::uint8_t context(int number) { return static_cast<std::uint8_t>(0xA0 | number); }   // constructed
inline constexpr std::uint8_t primitive(int number) { return static_cast<std::uint8_t>(0x80 | number); }
}  // namespace der

struct DerValue {
  std::uint8_t tag = 0;
  ByteView whole;    // tag, length and content
  ByteView content;
};

class DerReader {
 public:
  explicit DerReader(ByteView bytes) : rest_(bytes) {}
  bool done() const { return rest_.empty(); }
  bool next_is(std::uint8_t tag) const { return !rest_.empty() && rest_[0] == tag; }
  Result<DerValue> next();                     // of any tag
  Result<DerValue> next(std::uint8_t tag);     // `invalid` where another stands there
  Result<std::optional<DerValue>> optional(std::uint8_t tag);
  Result<DerReader> enter(std::uint8_t tag);   // a reader of the next value's content
  Result<void> end() const;                    // `invalid` where something is left

 private:
  ByteView rest_;
};

Result<std::string> oid_text(ByteView content);           // "1.2.840.…"; at most 32 arcs of at most 63 bits
Result<std::int64_t> small_integer(ByteView content);     // non-negative, at most 8 bytes, shortest form
Result<Bytes> integer_bytes(ByteView content);            // any INTEGER in its shortest form, at most 64 bytes
// GeneralizedTime "YYYYMMDDhhmmss[.f…]Z" as microseconds since 1970 (finer digits cut).
Result<std::int64_t> time_us(ByteView content);

}  // namespace netsampler::timestamp
