#include "capture/clock/clock_watch.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace netsampler::capture {
namespace {

constexpr int kTries = 5;
constexpr std::int64_t kClose_us = 50;
constexpr std::int64_t kReferenceMoved_us = 1'000'000;  // chronyd bends its last reference time a little with each slew

std::int64_t read_us(clockid_t which) {
  timespec now{};
  clock_gettime(which, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

}  // namespace

ClockReading read_clocks() {
  ClockReading best;
  std::int64_t best_us = INT64_MAX;
  for (int i = 0; i < kTries && best_us > kClose_us; ++i) {
    const std::int64_t before_us = read_us(CLOCK_BOOTTIME);
    ClockReading now{read_us(CLOCK_REALTIME), before_us, read_us(CLOCK_MONOTONIC), read_us(CLOCK_MONOTONIC_RAW)};
    const std::int64_t took_us = read_us(CLOCK_BOOTTIME) - before_us;
    if (took_us < best_us) best = now, best_us = took_us;
  }
  return best;
}

std::optional<std::int64_t> ClockWatch::slew(const ClockReading& now) {
  if (!slew_from_) slew_from_ = now;
  const std::int64_t raw_us = now.raw_us - slew_from_->raw_us;
  if (raw_us < kSlewSpan_us) return std::nullopt;
  const std::int64_t apart_us = (now.monotonic_us - slew_from_->monotonic_us) - raw_us;
  slew_from_ = now;
  return static_cast<std::int64_t>(static_cast<double>(apart_us) * 1e9 / static_cast<double>(raw_us));
}

ClockMove ClockWatch::look(const ClockReading& now) {
  ClockMove move;
  move.seen_boot_us = now.boot_us;
  move.slew_ppb = slew(now);
  if (last_) {
    const std::int64_t span_us = now.boot_us - last_->boot_us, apart_us = (now.utc_us - last_->utc_us) - span_us;
    if (std::abs(apart_us) > kStepAtLeast_us + span_us / 2000) move.step_us = apart_us;
  }
  last_ = now;
  return move;
}

void put_move(const ClockMove& move, Json& body) {
  if (move.slew_ppb) body["slew_ppb"] = *move.slew_ppb;
  if (!move.step_us) return;
  body["step_us"] = *move.step_us;
  body["step_boot_us"] = move.seen_boot_us;
}

void StepDoubt::settle(const ClockMove& move, std::int64_t reference_time_us, Json& body) {
  if (move.step_us) doubt_us_ = std::min(doubt_us_ + std::abs(*move.step_us), kMostError_us), reference_at_step_us_ = reference_time_us;
  const auto& servers = body["servers"];
  const bool answered = std::any_of(servers.begin(), servers.end(), [](const Json& one) { return bool_or(one, "ok", false); });
  const bool measured_anew = reference_time_us == 0 || std::abs(reference_time_us - reference_at_step_us_) > kReferenceMoved_us;
  if (measured_anew || answered) doubt_us_ = 0;
  if (doubt_us_ == 0) return;
  body["error_us"] = std::min(int_or(body, "error_us", 0) + doubt_us_, kMostError_us);
  body["state"] = "unsynchronised";
}

}  // namespace netsampler::capture
