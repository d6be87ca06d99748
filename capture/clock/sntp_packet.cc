#include <algorithm>

#include "capture/clock/sntp.h"

namespace netsampler::capture {
namespace {

constexpr std::int64_t kSecondsFrom1900To1970 = 2'208'988'800;
constexpr std::int64_t kEraSeconds = std::int64_t{1} << 32;
constexpr int kModeServer = 4;
constexpr int kLeapUnsynchronised = 3;
constexpr std::size_t kAtRootDelay = 4, kAtRootDispersion = 8, kAtReference = 12, kAtOrigin = 24, kAtReceive = 32, kAtTransmit = 40;

std::uint64_t big_endian(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
  return value;
}

// NTP's 16.16 seconds.
std::int64_t short_us(std::uint64_t value) { return static_cast<std::int64_t>((value * 1'000'000) >> 16); }

// NTP's 32.32 seconds, in the era next to `near_us`: the format wraps in 2036.
std::int64_t stamp_us(std::uint64_t stamp, std::int64_t near_us) {
  std::int64_t seconds = static_cast<std::int64_t>(stamp >> 32) - kSecondsFrom1900To1970;
  const std::int64_t near_seconds = near_us / 1'000'000;
  while (seconds < near_seconds - kEraSeconds / 2) seconds += kEraSeconds;
  return seconds * 1'000'000 + static_cast<std::int64_t>(((stamp & 0xffffffff) * 1'000'000) >> 32);
}

std::string kiss_code(std::span<const std::uint8_t> datagram) {
  std::string code;
  for (std::size_t i = 0; i < 4; ++i) {
    const char c = static_cast<char>(datagram[kAtReference + i]);
    if (c >= 'A' && c <= 'Z') code += c;
  }
  return code;
}

SntpAnswer refused(std::string why) {
  SntpAnswer answer;
  answer.why = std::move(why);
  return answer;
}

SntpAnswer measured(std::span<const std::uint8_t> datagram, const SntpExchange& exchange) {
  const std::int64_t t1 = stamp_us(big_endian(datagram, kAtReceive, 8), exchange.sent_us);
  const std::int64_t t2 = stamp_us(big_endian(datagram, kAtTransmit, 8), exchange.sent_us);
  if (t2 < t1) return refused("bad time");
  SntpAnswer answer;
  answer.ok = true;
  answer.offset_us = ((t1 - exchange.sent_us) + (t2 - exchange.received_us)) / 2;
  answer.delay_us = std::max<std::int64_t>(0, (exchange.received_us - exchange.sent_us) - (t2 - t1));
  answer.dispersion_us = short_us(big_endian(datagram, kAtRootDispersion, 4)) + short_us(big_endian(datagram, kAtRootDelay, 4)) / 2;
  answer.stratum = datagram[1];
  return answer;
}

}  // namespace

std::vector<std::uint8_t> sntp_request(std::uint64_t cookie) {
  std::vector<std::uint8_t> packet(kSntpPacketBytes, 0);
  packet[0] = 4 << 3 | 3;
  for (std::size_t i = 0; i < 8; ++i) packet[kAtTransmit + i] = static_cast<std::uint8_t>(cookie >> (56 - 8 * i));
  return packet;
}

SntpAnswer judge_sntp(std::span<const std::uint8_t> datagram, const SntpExchange& exchange) {
  if (datagram.size() < kSntpPacketBytes) return refused("not a server");
  const int version = datagram[0] >> 3 & 7, mode = datagram[0] & 7, leap = datagram[0] >> 6, stratum = datagram[1];
  if (big_endian(datagram, kAtOrigin, 8) != exchange.cookie) return refused("wrong origin");
  if (mode != kModeServer || version < 3 || version > 4) return refused("not a server");
  if (stratum == 0) return refused("kiss " + kiss_code(datagram));
  if (stratum > 15) return refused("bad stratum");
  if (leap == kLeapUnsynchronised) return refused("unsynchronised");
  if (big_endian(datagram, kAtTransmit, 8) == 0 || big_endian(datagram, kAtReceive, 8) == 0) return refused("bad time");
  return measured(datagram, exchange);
}

}  // namespace netsampler::capture
