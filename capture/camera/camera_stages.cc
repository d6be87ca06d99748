#include "capture/camera/camera_stages.h"

#include <poll.h>

#include <algorithm>

#include "evidence/base/log.h"

namespace netsampler::capture {
namespace {

constexpr std::int64_t kFirstBackOff_us = 250'000, kLastBackOff_us = 4'000'000;

void wait_or_stop(const Stop& stop, std::int64_t wait_us) {
  pollfd wait{stop.wake_fd(), POLLIN, 0};
  ::poll(&wait, 1, static_cast<int>(wait_us / 1000));
}

}  // namespace

Result<bool> ReadStage::step() {
  if (stop_.asked()) return false;
  if (first_) return hand_over(*std::exchange(first_, std::nullopt)), true;
  if (!stream_) return reopen();
  auto picture = stream_->next();
  if (stop_.asked()) return false;
  if (!picture.ok()) return lose(picture.error());
  if (!picture->has_value() && stream_->ends()) return false;
  if (!picture->has_value()) return lose(fail(ErrorKind::unavailable, "the camera ended its stream"));
  hand_over(std::move(**picture));
  return true;
}

// A file's damage is the end; a camera is opened again.
Result<bool> ReadStage::lose(Error why) {
  if (stream_->ends()) return why;
  log(LogLevel::warning, "picture lost, connecting again: " + why.text);
  stream_.reset();
  back_off_us_ = kFirstBackOff_us;
  return true;
}

Result<bool> ReadStage::reopen() {
  auto opened = opener_();
  if (opened.ok()) {
    stream_ = opened.take();
    time_.forget_stream();
    reconnected_ = true;
    return true;
  }
  if (clock_.boot_us() - last_seen_us_ > kAwayLimit_us)
    return std::move(opened.error()).with("no picture for a minute, the recording ends");
  wait_or_stop(stop_, back_off_us_);
  back_off_us_ = std::min(back_off_us_ * 2, kLastBackOff_us);
  return !stop_.asked();
}

void ReadStage::hand_over(CameraPicture picture) {
  last_seen_us_ = picture.arrived_us;
  const std::int64_t at_us = time_.place(picture.arrived_us, picture.pts_us);
  if (at_us >= next_watch_us_ && watch_.try_push({picture, at_us})) next_watch_us_ = at_us + kWatch_us;
  if (out_.try_push({std::move(picture), at_us, dropped_since_, reconnected_})) {
    dropped_since_ = 0;
    reconnected_ = false;
  } else {
    ++dropped_;
    ++dropped_since_;
  }
}

Result<bool> CameraEncodeStage::step() {
  const std::int64_t due_us = last_at_us_ + kHeartbeatUs;
  const std::int64_t wait_us = last_ ? std::max<std::int64_t>(0, due_us - clock_.boot_us()) : kHeartbeatUs;
  auto picture = in_.pop_for(std::chrono::microseconds(wait_us));
  return picture ? take(std::move(*picture)) : idle();
}

Result<bool> CameraEncodeStage::idle() {
  const std::int64_t now_us = clock_.boot_us();
  if (in_.closed_and_empty()) {
    if (last_ && now_us - last_seen_us_ > kGapUs) note_gap(now_us, "stalled");
    return false;
  }
  if (!last_ || now_us - last_at_us_ < kHeartbeatUs) return true;
  return encode(now_us, true, 0);
}

Result<bool> CameraEncodeStage::take(TimedPicture picture) {
  if (picture.picture.width != width_ || picture.picture.height != height_)
    return fail(ErrorKind::unavailable, "the camera changed its picture from " + std::to_string(width_) + "x" + std::to_string(height_) +
                                            " to " + std::to_string(picture.picture.width) + "x" +
                                            std::to_string(picture.picture.height) + " (start a new recording)");
  // A heartbeat may have been stamped while this picture was on its way.
  const std::int64_t at_us = last_ ? std::max(picture.at_us, last_at_us_ + CameraTime::kStep_us) : picture.at_us;
  if (last_ && at_us - last_seen_us_ > kGapUs) note_gap(at_us, picture.reconnected ? "reconnect" : "stalled");
  last_ = std::move(picture.picture);
  last_seen_us_ = at_us;
  return encode(at_us, false, picture.dropped);
}

void CameraEncodeStage::note_gap(std::int64_t to_us, const char* cause) {
  Note note{"gap", {{"source", "camera"}, {"cause", cause}, {"from_us", last_seen_us_}, {"to_us", to_us}}, Json::object()};
  out_.push(WriteItem(std::move(note)));
}

Result<bool> CameraEncodeStage::encode(std::int64_t at_us, bool heartbeat, std::int64_t dropped) {
  if (!start_us_) start_us_ = at_us;
  last_at_us_ = at_us;
  const std::int64_t pts = ticks_of(at_us - *start_us_);
  const bool cut = cuts_.take(pts, false);
  const bool key = !last_key_ || (cut && pts - *last_key_ >= kKeyTicks);
  if (key) last_key_ = pts;
  Packet packet = TRY(encoder_.encode(last_->view, pts, key, {}));
  ++frames_;
  return out_.push(WriteItem(EncodedFrame{pts, at_us, packet.key, heartbeat, dropped, std::move(packet.bytes)}));
}

}  // namespace netsampler::capture
