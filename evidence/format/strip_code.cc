#include "evidence/format/strip_code.h"

#include <algorithm>

namespace netsampler {
namespace {

constexpr std::string_view kPrefix = "netsampler/v1/strip\n", kBeacon = "NETSAMPLER:1:";
constexpr std::size_t kSecondBytes = 5, kHeadBytes = 8, kCheckedBytes = kSecondBytes + kHeadBytes, kBeaconBytes = 16;

Hash check_of(const StripCodeBytes& bytes) {
  Hasher hasher(HashKind::sha256);
  hasher.update(as_bytes(kPrefix));
  hasher.update(ByteView(bytes).first(kCheckedBytes));
  return hasher.finish();
}

}  // namespace

StripCodeBytes print_strip_code(const StripCode& code) {
  StripCodeBytes bytes{};
  for (std::size_t i = 0; i < kSecondBytes; ++i) bytes[i] = static_cast<std::uint8_t>(code.second >> (8 * (kSecondBytes - 1 - i)));
  std::copy(code.head.begin(), code.head.end(), bytes.begin() + kSecondBytes);
  const Hash check = check_of(bytes);
  std::copy_n(check.begin(), bytes.size() - kCheckedBytes, bytes.begin() + kCheckedBytes);
  return bytes;
}

std::optional<StripCode> parse_strip_code(const StripCodeBytes& bytes) {
  const Hash check = check_of(bytes);
  if (!std::equal(bytes.begin() + kCheckedBytes, bytes.end(), check.begin())) return std::nullopt;
  StripCode code;
  for (std::size_t i = 0; i < kSecondBytes; ++i) code.second = code.second << 8 | bytes[i];
  std::copy_n(bytes.begin() + kSecondBytes, kHeadBytes, code.head.begin());
  return code;
}

std::string print_beacon(const Hash& response) {
  std::string text(kBeacon);
  for (const char digit : to_hex(ByteView(response).first(kBeaconBytes)))
    text += digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
  return text;
}

std::optional<std::array<std::uint8_t, 16>> parse_beacon(std::string_view text) {
  if (!text.starts_with(kBeacon) || text.size() != kBeacon.size() + 2 * kBeaconBytes) return std::nullopt;
  std::string digits;
  for (const char digit : text.substr(kBeacon.size())) {
    if (digit >= 'a' && digit <= 'f') return std::nullopt;
    digits += digit >= 'A' && digit <= 'F' ? static_cast<char>(digit - 'A' + 'a') : digit;
  }
  const auto bytes = from_hex(digits);
  if (!bytes.ok()) return std::nullopt;
  std::array<std::uint8_t, 16> prefix{};
  std::copy(bytes->begin(), bytes->end(), prefix.begin());
  return prefix;
}

}  // namespace netsampler
