#include "capture/camera/camera_encode.h"

#include <algorithm>

namespace netsampler::capture {

Result<bool> CameraEncodeStage::step() {
  const std::int64_t due_us = last_at_us_ + kHeartbeatUs;
  const std::int64_t wait_us = encoder_ ? std::max<std::int64_t>(0, due_us - clock_.boot_us()) : kHeartbeatUs;
  auto picture = in_.pop_for(std::chrono::microseconds(wait_us));
  return picture ? take(std::move(*picture)) : idle();
}

Result<bool> CameraEncodeStage::idle() {
  const std::int64_t now_us = clock_.boot_us();
  if (in_.closed_and_empty()) {
    if (encoder_ && now_us - last_seen_us_ > kGapUs) note_gap(now_us, "stalled");
    return false;
  }
  if (!encoder_ || now_us - last_at_us_ < kHeartbeatUs) return true;
  last_.dropped = last_.lost = last_.late_us = 0;
  last_.gap_cause = kNoCause.data();
  return encode(now_us, true);
}

Result<bool> CameraEncodeStage::take(TimedPicture picture) {
  // A heartbeat may have been stamped while this picture was on its way.
  const std::int64_t at_us = encoder_ ? std::max(picture.at_us, last_at_us_ + CameraTime::kStep_us) : picture.at_us;
  if (encoder_ && at_us - last_seen_us_ > kGapUs) note_gap(at_us, picture.gap_cause);
  if (!encoder_ || picture.source != last_.source)
    if (!TRY(begin(picture))) return false;
  last_ = std::move(picture);
  last_seen_us_ = at_us;
  return encode(at_us, false);
}

// Another source: its own encoder, times from its own beginning.
Result<bool> CameraEncodeStage::begin(const TimedPicture& picture) {
  EncoderSettings settings{picture.picture.width, picture.picture.height};
  settings.layout = PixelLayout::i420;
  encoder_ = TRY(Encoder::open(settings));
  cuts_ = CutRule();
  start_us_.reset();
  last_key_.reset();
  SourceInfo source{picture.source, "camera", "encoded", "h264", settings.width, settings.height, 0, encoder_->extradata()};
  source.why = picture.why;
  source.gap_cause = picture.gap_cause;
  return out_.push(WriteItem(std::move(source)));
}

void CameraEncodeStage::note_gap(std::int64_t to_us, const char* cause) {
  Note note{"gap", {{"source", last_.source}, {"cause", cause}, {"from_us", last_seen_us_}, {"to_us", to_us}}, Json::object()};
  out_.push(WriteItem(std::move(note)));
}

Result<bool> CameraEncodeStage::encode(std::int64_t at_us, bool heartbeat) {
  const char* const late = watch_.cause_at(clock_.boot_us());
  if (!start_us_) start_us_ = at_us;
  last_at_us_ = at_us;
  const std::int64_t pts = ticks_of(at_us - *start_us_);
  const bool cut = cuts_.take(pts, false);
  const bool key = !last_key_ || (cut && pts - *last_key_ >= kKeyTicks);
  if (key) last_key_ = pts;
  Packet packet = TRY(encoder_->encode(last_.picture.view, pts, key, {}));
  ++frames_;
  EncodedFrame frame;
  frame.pts = pts;
  frame.at_us = at_us;
  frame.key = packet.key;
  frame.heartbeat = heartbeat;
  frame.dropped = last_.dropped;
  frame.seen = heartbeat ? 0 : 1 + last_.dropped;
  frame.lost = last_.lost;
  frame.late_us = last_.late_us;
  frame.gap_cause = last_.gap_cause != kNoCause ? last_.gap_cause : late;
  frame.bytes = std::move(packet.bytes);
  return out_.push(WriteItem(std::move(frame)));
}

}  // namespace netsampler::capture
