#include "capture/screen/screen_stages.h"

#include <algorithm>

#include "capture/strip/marker.h"

namespace netsampler::capture {

Result<bool> GrabStage::step() {
  // What a drop left over goes at the next moment; else a heartbeat is due.
  const std::int64_t due_us = picture_.any_changed() ? next_us_ : std::max(last_us_ + kHeartbeatUs, next_us_);
  TRY(source_.wait(next_us_, due_us));
  const std::int64_t asked_us = clock_.boot_us();
  const std::int64_t changes = picture_.changes();
  if (!source_.resized()) TRY(source_.fetch(picture_));
  if (source_.resized()) return false;
  if (picture_.changes() != changes) ++seen_since_;
  const std::int64_t at_us = clock_.boot_us();  // behind the fetch: a server that hung must not look as if it had answered
  display_us_ += at_us - asked_us;
  if (settings_.watch_strip && watch_.due(at_us)) look_at_strip(at_us);
  look_at_monitors(at_us);
  if (picture_.any_changed() || at_us >= due_us) hand_over(at_us);
  return true;
}

Result<void> GrabStage::finish() {
  const std::int64_t at_us = clock_.boot_us();
  if (const auto note = watch_.finish(at_us)) notes_.push(WriteItem(*note));
  constexpr std::int64_t kLeastUs = 1000;
  if (last_us_ != 0 && !source_.resized() && at_us - last_us_ >= kLeastUs) hand_over(at_us);
  return {};
}

void GrabStage::give_up() {
  const std::int64_t at_us = clock_.boot_us();
  if (const auto note = watch_.finish(at_us)) notes_.push(WriteItem(*note));
  if (last_us_ == 0 || at_us - last_us_ <= kGapUs) return;
  const Json body = {{"source", settings_.source}, {"cause", "display"}, {"from_us", last_us_}, {"to_us", at_us}};
  notes_.push(WriteItem(Note{"gap", body, Json::object()}));
}

void GrabStage::look_at_strip(std::int64_t at_us) {
  if (const auto note = watch_.look(marker_present(picture_), at_us)) notes_.push(WriteItem(*note));
}

void GrabStage::tell(const char* code, std::int64_t from_us, Json more) {
  Json body{{"code", code}, {"severity", "note"}, {"source", settings_.source}, {"from_us", from_us}};
  body.update(more);
  notes_.push(WriteItem(Note{"finding", std::move(body), Json::object()}));
}

// All that the screen shows is in the picture, on whatever monitor; but a second one is where somebody may look, or not look.
void GrabStage::look_at_monitors(std::int64_t at_us) {
  const auto& now = source_.monitors();
  if (monitors_ && *monitors_ == now) return;
  if (!monitors_ && now.size() > 1) tell("several-monitors", at_us, {{"count", now.size()}});
  if (monitors_) tell("monitors-changed", at_us, {{"count", now.size()}});
  monitors_ = now;
}

void GrabStage::hand_over(std::int64_t at_us) {
  const std::int64_t interval_us = 1'000'000 / settings_.frames_per_second;
  next_us_ = at_us - next_us_ < interval_us ? next_us_ + interval_us : at_us + interval_us;
  const auto slot = slots_.take();
  if (!slot) {
    ++dropped_;
    ++dropped_since_;
    return;  // what changed stays marked, and comes with the next frame
  }
  if (last_us_ == 0 && settings_.after_us != 0) tell("screen-resized", settings_.after_us, {{"to_us", at_us}});
  slots_.fill(*slot, picture_);
  const char* cause = late_.cause_at(at_us, display_us_, dropped_since_ > 0);
  GrabbedFrame frame{*slot, at_us, !picture_.any_changed(), dropped_since_, cause, seen_since_};
  picture_.clear_changed();
  dropped_since_ = seen_since_ = display_us_ = 0;
  last_us_ = at_us;
  out_.push(std::move(frame));  // never waits: there are as many places as slots
}

Result<bool> EncodeStage::step() {
  auto frame = in_.pop();
  if (!frame) return false;
  if (!start_us_) start_us_ = frame->at_us;
  const std::int64_t pts = ticks_of(frame->at_us - *start_us_);
  const bool cut = cuts_.take(pts, false);
  const bool key = !last_key_ || (cut && pts - *last_key_ >= kKeyTicks);
  if (key) last_key_ = pts;
  Packet packet = TRY(encoder_.encode(slots_.view(frame->slot), pts, key, slots_.changed(frame->slot)));
  slots_.give_back(frame->slot);
  ++frames_;
  const auto waiting = static_cast<std::int64_t>(in_.size());
  return out_.push(WriteItem(EncodedFrame{pts, frame->at_us, packet.key, frame->heartbeat, frame->dropped, std::move(packet.bytes), frame->gap_cause, frame->seen, waiting}));
}

}  // namespace netsampler::capture
