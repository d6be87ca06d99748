// Bytes and their two text forms: lower-case hex, and base64 (RFC 4648 §4, padded, unused bits zero). One encoding per value.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/base/result.h"

namespace netsampler {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
void append(Bytes& to, ByteView more);

std::string to_hex(ByteView bytes);
Result<Bytes> from_hex(std::string_view text);  // lower case only, even length
std::string to_base64(ByteView bytes);
Result<Bytes> from_base64(std::string_view text);  // refuses missing padding, stray bytes, non-zero unused bits

}  // namespace netsampler
