// The recorder's own look at time servers (SNTPv4, RFC 4330 and 5905, over UDP): a witness beside chronyd, never a way to set a
// clock. All servers are asked at once; the whole round is bounded in time whatever they do.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evidence/base/clock.h"
#include "evidence/base/result.h"

namespace netsampler::capture {

inline constexpr std::size_t kSntpPacketBytes = 48;
inline constexpr std::size_t kSntpServerLimit = 8;  // of one round; more are not asked

// What one server said. Where not `ok`, `why` says it in a stable word or two and the numbers are 0:
// "no address", "no answer", "refused", "wrong origin", "not a server", "kiss RATE" (any code), "unsynchronised", "bad stratum",
// "bad time". An answer that repeats another origin than ours is not ours; it is passed over and the wait goes on.
struct SntpAnswer {
  std::string server;  // as configured: host or host:port
  bool ok = false;
  std::string why;
  std::int64_t offset_us = 0;      // to be added to the system clock to get the server's: ((t1 − t0) + (t2 − t3)) / 2
  std::int64_t delay_us = 0;       // (t3 − t0) − (t2 − t1), at least 0
  std::int64_t dispersion_us = 0;  // the server's own: root dispersion + root delay / 2
  int stratum = 0;
};

struct SntpExchange {
  std::uint64_t cookie = 0;      // random, stands as our transmit time: an answer must repeat it
  std::int64_t sent_us = 0;      // t0, UTC of the system clock
  std::int64_t received_us = 0;  // t3
};

// A client's request: version 4, mode 3, the cookie as transmit time, the rest zero.
std::vector<std::uint8_t> sntp_request(std::uint64_t cookie);
// Judges one datagram as the answer to an exchange. Pure.
SntpAnswer judge_sntp(std::span<const std::uint8_t> datagram, const SntpExchange& exchange);

// Asks all; returns one answer a server, in their order, after `timeout_ms` at the latest.
std::vector<SntpAnswer> ask_time_servers(const std::vector<std::string>& servers, const Clock& clock, int timeout_ms);

}  // namespace netsampler::capture
