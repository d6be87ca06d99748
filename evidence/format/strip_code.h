// What a program can read from the strip of a recorded screen: a field of cells (the second and the chain's head that it shows
// in words beside it) and a QR code of the newest time stamp. Places in pixels from the screen's upper left corner.
// Cells rather than text recognition: exact, and 17 bytes cost a reader nothing.
#pragma once
#include <array>
#include <optional>

#include "evidence/base/crypto.h"

namespace netsampler {

// 17 columns of 8 square cells, one byte a column from left to right, its highest bit on top; white 1, black 0.
inline constexpr int kStripCodeLeft = 84, kStripCodeTop = 2, kStripCell = 4;
inline constexpr int kStripCodeBytes = 17;
// A white square of this side at the top, the QR code's 25 modules of one pixel each 5 pixels in from its left and top.
inline constexpr int kBeaconLeft = 160, kBeaconSide = 36, kBeaconInset = 5, kBeaconModules = 25;
inline constexpr int kStripRows = 36;  // of the strip

// Bytes 0–4 the second (since 1970, big-endian) · 5–12 the head · 13–16 the beginning of SHA-256("netsampler/v1/strip\n" ‖ bytes 0–12).
struct StripCode {
  std::int64_t second = 0;               // UTC
  std::array<std::uint8_t, 8> head{};    // the first bytes of the chain's newest line's hash; zeros: none is known
  bool operator==(const StripCode&) const = default;
};
using StripCodeBytes = std::array<std::uint8_t, kStripCodeBytes>;

StripCodeBytes print_strip_code(const StripCode& code);
// Nothing where the check does not hold: no strip, or a covered one.
std::optional<StripCode> parse_strip_code(const StripCodeBytes& bytes);

// The QR code's text: "NETSAMPLER:1:" and the first 32 hex digits, in capitals, of SHA-256 of a time-stamp response.
std::string print_beacon(const Hash& response);
// Those 16 bytes; nothing where the text is another's.
std::optional<std::array<std::uint8_t, 16>> parse_beacon(std::string_view text);

}  // namespace netsampler
