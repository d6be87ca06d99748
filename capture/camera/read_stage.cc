#include "capture/camera/read_stage.h"

#include <poll.h>

#include <algorithm>
#include <cstring>

#include "evidence/base/crypto.h"
#include "evidence/base/log.h"

namespace netsampler::capture {
namespace {

std::uint32_t chance() {
  std::uint8_t bytes[4];
  random_fill(bytes);
  std::uint32_t number = 0;
  std::memcpy(&number, bytes, sizeof number);
  return number;
}

void wait_or_stop(const Stop& stop, std::int64_t wait_us) {
  pollfd wait{stop.wake_fd(), POLLIN, 0};
  ::poll(&wait, 1, static_cast<int>(wait_us / 1000));
}

}  // namespace

std::int64_t back_off_us(std::int64_t attempt, std::uint32_t chance) {
  constexpr std::int64_t kFirst_us = 250'000, kDoublings = 4;
  const std::int64_t middle_us = kFirst_us << std::min(attempt, kDoublings);
  return middle_us * 3 / 4 + middle_us / 2 * (chance % 1024) / 1023;
}

Result<bool> ReadStage::step() {
  if (stop_.asked()) return false;
  if (!first_.empty()) {
    hand_over(std::move(first_.front()));
    first_.pop_front();
    return true;
  }
  if (!stream_) return reopen();
  if (talk_.useless.exchange(false)) return lose(fail(stream_->ends() ? ErrorKind::invalid : ErrorKind::unavailable, "nothing that the camera sends can be shown"));
  auto unit = stream_->next();
  if (stop_.asked()) return false;
  if (!unit.ok()) return lose(unit.error());
  if (!unit->has_value() && stream_->ends()) return false;
  if (!unit->has_value()) return lose(fail(ErrorKind::unavailable, "the camera ended its stream"));
  hand_over(std::move(**unit));
  return true;
}

// A file's damage is the end; a camera is opened again.
Result<bool> ReadStage::lose(Error why) {
  if (stream_->ends()) return why;
  log(LogLevel::warning, "picture lost, connecting again: " + why.text);
  stream_.reset();
  attempts_ = 0;
  wait_or_stop(stop_, back_off_us(0, chance()));  // also where it comes back at once, and is lost again at once
  return true;
}

Result<bool> ReadStage::reopen() {
  if (clock_.boot_us() - std::max(begun_us_, talk_.shown_us.load()) > kAwayLimit_us)
    return fail(ErrorKind::unavailable, "no picture from the camera for a minute, the recording ends");
  ++attempts_;
  auto opened = opener_();
  if (opened.ok()) {
    stream_ = opened.take();
    talk_.useless = false;
    const std::int64_t before = away_ ? away_->attempts : 0;
    away_ = {last_seen_us_, clock_.boot_us(), before + attempts_};
    return true;
  }
  wait_or_stop(stop_, back_off_us(attempts_, chance()));
  return !stop_.asked();
}

void ReadStage::hand_over(CameraUnit unit) {
  const auto bytes = static_cast<std::int64_t>(unit.bytes.size());
  const bool room = pushed_bytes_ - talk_.taken_bytes.load() + bytes <= kUnitQueueBytes;
  if (unit.key) until_key_ = false;
  last_seen_us_ = unit.arrived_us;
  if (const char* late = watch_.cause_at(unit.arrived_us); late != kNoCause) late_ = late;
  const bool chained = unit.format->h264();
  if (room && !until_key_ && out_.try_push({std::move(unit), dropped_since_, away_, late_})) {
    pushed_bytes_ += bytes;
    dropped_since_ = 0;
    away_.reset();
    late_ = kNoCause.data();
    return;
  }
  until_key_ = chained;
  ++dropped_;
  ++dropped_since_;
}

}  // namespace netsampler::capture
