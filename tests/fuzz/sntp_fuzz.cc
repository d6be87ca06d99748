// A time server's datagram and chronyd's line. Input: 8 bytes cookie, 8 bytes moment of sending (big-endian µs), datagram.
#include "capture/clock/clock_agreement.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

namespace {

std::uint64_t big_endian(const std::uint8_t* data) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | data[i];
  return value;
}

void check_tracking(std::string_view line) {
  const auto tracking = capture::parse_tracking(std::string(line));
  if (!tracking.ok()) return;
  fuzz::require(capture::error_bound_us(*tracking) >= 0, "a bound is not negative");
  fuzz::require(!capture::clock_state(*tracking, 1'800'000'000'000'000).empty(), "a clock has a state");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_tracking(fuzz::text_from(data, size));
  if (size < 16) return 0;
  // Sent at any moment up to the year 2242; the answer came within the second that a round lasts.
  capture::SntpExchange exchange;
  exchange.cookie = big_endian(data);
  exchange.sent_us = static_cast<std::int64_t>(big_endian(data + 8) >> 11);
  exchange.received_us = exchange.sent_us + 1'000'000;
  const capture::SntpAnswer answer = capture::judge_sntp({data + 16, size - 16}, exchange);
  fuzz::require(answer.ok == answer.why.empty(), "a refusal says why");
  if (!answer.ok) return 0;
  fuzz::require(answer.delay_us >= 0 && answer.delay_us <= 1'000'000, "a delay lies within the round");
  const capture::Agreement agreement = capture::agreement_of(std::nullopt, {answer}, {});
  fuzz::require(agreement.error_us >= std::abs(answer.offset_us) + answer.delay_us / 2, "the bound holds what the server says");
  fuzz::require(agreement.error_us < std::int64_t{1} << 53, "a bound fits a record");
  fuzz::require(answer.dispersion_us >= 0 && answer.stratum >= 1 && answer.stratum <= 15, "numbers in their range");
  return 0;
}
