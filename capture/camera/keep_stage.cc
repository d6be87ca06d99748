#include "capture/camera/keep_stage.h"

#include <algorithm>

#include "evidence/base/log.h"

namespace netsampler::capture {
namespace {

constexpr std::chrono::milliseconds kTurn(250);

std::int64_t size_of(const CameraUnit& unit) { return static_cast<std::int64_t>(unit.bytes.size()); }

}  // namespace

Result<bool> KeepStage::step() {
  auto item = in_.pop_for(kTurn);
  if (!item && in_.closed_and_empty()) return finish();
  if (!item) {
    const bool decide = mode_ == Mode::undecided && !held_.empty() && clock_.boot_us() - held_.front().arrived_us > kTrial_us;
    return decide ? begin_keeping() : true;
  }
  talk_.taken_bytes += size_of(item->unit);
  dropped_since_ += item->dropped;
  lost_since_ += item->unit.lost;
  if (item->late != kNoCause) late_ = item->late;
  if (item->away) come_back(*item->away);
  look_at_rate(item->unit);
  return take(std::move(item->unit));
}

Result<bool> KeepStage::take(CameraUnit unit) {
  if (mode_ == Mode::undecided) return consider(std::move(unit));
  if (mode_ == Mode::kept) return keep(std::move(unit));
  return decode(unit);
}

// Why this picture, with those before it, cannot be kept; empty where it can.
std::string KeepStage::unfit(const CameraUnit& unit) const {
  if (!unit.format->h264()) return "codec";
  if (!unit.format->unfit.empty()) return unit.format->unfit;
  if (unit.reordered) return "reordered";
  if (unit.lost > 0) return "packet-loss";
  const bool begins = unit.key || held_.empty();
  if (!begins && unit.arrived_us - key_arrived_us_ > kKeptKey_us) return "key-apart";
  if (!begins && held_bytes_ + size_of(unit) > kKeptBytes) return "size";
  return !begins && unit.format->sets != held_.front().format->sets ? "format" : "";
}

Result<bool> KeepStage::consider(CameraUnit unit) {
  const bool usable = unit.format->h264() && unit.format->width > 0;
  if (unit.format->h264() && held_.empty() && !(unit.key && usable)) {
    if (!waiting_us_) waiting_us_ = unit.arrived_us;
    if (unit.arrived_us - *waiting_us_ <= kNoKey_us) return true;
    go_over("no-key");
    return decode(unit);
  }
  if (held_.empty()) key_arrived_us_ = unit.arrived_us;
  const std::string why = unfit(unit);
  held_bytes_ += size_of(unit);
  held_.push_back(std::move(unit));
  if (!why.empty()) {
    go_over(why);
    return decode_held();
  }
  const bool enough = held_.size() >= kTrialUnits || held_.back().arrived_us - held_.front().arrived_us >= kTrial_us;
  return enough ? begin_keeping() : true;
}

// What is held was shown to nobody yet.
Result<bool> KeepStage::decode_held() {
  const auto units = std::exchange(held_, {});
  for (const CameraUnit& unit : units)
    if (!TRY(decode(unit))) return false;
  return true;
}

Result<bool> KeepStage::begin_keeping() {
  mode_ = Mode::kept;
  need_key_ = true;
  held_bytes_ = 0;
  auto units = std::exchange(held_, {});
  for (CameraUnit& unit : units)
    if (!TRY(take(std::move(unit)))) return false;
  return true;
}

// True where this one is not to be used. Nothing but key pictures begins anything.
bool KeepStage::wait_for_key(const CameraUnit& unit) {
  if (unit.key) need_key_ = false;
  if (!need_key_) waiting_us_.reset();
  if (!need_key_) return false;
  if (!waiting_us_) waiting_us_ = unit.arrived_us;
  if (unit.arrived_us - *waiting_us_ > kUseless_us) talk_.useless = true;
  ++dropped_;
  ++dropped_since_;
  return true;
}

Result<bool> KeepStage::keep(CameraUnit unit) {
  if (wait_for_key(unit)) return true;
  const bool damaged = watch_talk_.damaged.exchange(false);
  if (const std::string why = damaged ? "damaged" : unfit(unit); !why.empty()) {
    go_over(why);
    return decode(unit);
  }
  if (unit.key) {
    held_.clear();
    held_bytes_ = 0;
    key_arrived_us_ = unit.arrived_us;
  }
  if (!start_us_ || unit.format->sets != sets_) {
    TRY(begin_source(start_us_ ? "format" : ""));
    start_us_.reset();
    begun_us_.reset();
    sets_ = unit.format->sets;
    SourceInfo source{source_, "camera", "kept", "h264", unit.format->width, unit.format->height, 0, sets_};
    source.why = why_;
    source.gap_cause = gap_cause();
    if (!out_.push(WriteItem(std::move(source)))) return false;
  }
  held_bytes_ += size_of(unit);
  held_.push_back(unit);
  return emit(unit);
}

Result<bool> KeepStage::emit(const CameraUnit& unit) {
  const PlacedTime placed = time_.place(unit.arrived_us, unit.pts_us);
  look_at_times(placed.at_us);
  if (!start_us_) start_us_ = placed.at_us;
  EncodedFrame frame;
  frame.pts = ticks_of(placed.at_us - *start_us_);
  frame.at_us = last_us_ = placed.at_us;
  frame.key = unit.key && (!begun_us_ || placed.at_us - *begun_us_ >= kKeptSegment_us);
  if (frame.key) begun_us_ = placed.at_us;
  frame.late_us = placed.late_us;
  frame.lost = std::exchange(lost_since_, 0);
  frame.gap_cause = gap_cause();
  frame.dropped = std::exchange(dropped_since_, 0);
  frame.seen = 1 + frame.dropped;
  frame.bytes.assign(unit.bytes.begin(), unit.bytes.end());
  reconnected_ = false;
  late_ = kNoCause.data();
  talk_.shown_us = unit.arrived_us;
  ++frames_;
  watch_unit(unit, placed.at_us);
  return out_.push(WriteItem(std::move(frame)));
}

// The decoder learns what was kept since the last key picture; those pictures are thrown away.
void KeepStage::go_over(const std::string& why) {
  log(LogLevel::warning, "the camera's pictures are encoded anew from now on: " + why);
  const bool kept = mode_ == Mode::kept;
  mode_ = Mode::decoded;
  why_ = why;
  if (!kept) return;
  for (const CameraUnit& unit : held_) {
    decoder_->feed(unit, number_++);
    for (auto picture = decoder_->next(); picture.ok() && *picture; picture = decoder_->next()) {
    }
  }
  first_number_ = number_;
  held_.clear();
}

Result<bool> KeepStage::decode(const CameraUnit& unit) {
  if (shown_us_ == 0) shown_us_ = unit.arrived_us;
  if (!decoder_->feed(unit, number_++)) ++lost_since_;
  TRY(take_pictures());
  if (unit.arrived_us - shown_us_ > kUseless_us) {
    talk_.useless = true;
    shown_us_ = unit.arrived_us;
  }
  return true;
}

Result<bool> KeepStage::take_pictures() {
  for (auto picture = decoder_->next();; picture = decoder_->next()) {
    if (!picture.ok()) ++lost_since_;
    if (!picture.ok() || !*picture) return true;
    talk_.shown_us = shown_us_ = (*picture)->arrived_us;
    if ((*picture)->number >= first_number_) TRY(hand_over(std::move(**picture)));
  }
}

Result<bool> KeepStage::hand_over(CameraPicture picture) {
  if (picture.width != width_ || picture.height != height_) {
    TRY(begin_source(width_ == 0 ? why_ : "format"));
    width_ = picture.width;
    height_ = picture.height;
  }
  const PlacedTime placed = time_.place(picture.arrived_us, picture.pts_us);
  look_at_times(placed.at_us);
  if (picture.damaged) ++lost_since_;
  const bool due = !watched_us_ || placed.at_us - *watched_us_ >= kWatch_us;
  if (due && watch_.try_push({{}, picture, placed.at_us, source_})) watched_us_ = placed.at_us;
  if (pictures_.try_push({std::move(picture), placed.at_us, placed.late_us, dropped_since_, lost_since_, gap_cause(), source_, why_})) {
    dropped_since_ = lost_since_ = 0;
    reconnected_ = false;
    late_ = kNoCause.data();
  } else {
    ++dropped_;
    ++dropped_since_;
  }
  return true;
}

Result<void> KeepStage::begin_source(const std::string& why) {
  if (++sources_ > kSourcesLimit)
    return fail(ErrorKind::unavailable, "the camera changes its picture all the time (set it to one size and one profile, then record again)");
  source_ = sources_ == 1 ? name_ : name_ + "-" + std::to_string(sources_);
  why_ = why;
  return {};
}

Result<bool> KeepStage::finish() {
  if (mode_ == Mode::undecided && !held_.empty()) TRY(begin_keeping());
  if (mode_ == Mode::decoded) {
    decoder_->finish();
    TRY(take_pictures());
  }
  const std::int64_t now_us = clock_.boot_us();
  if (mode_ == Mode::kept && start_us_ && now_us - last_us_ > kGapUs)
    out_.push(WriteItem(Note{"gap", {{"source", source_}, {"cause", gap_cause()}, {"from_us", last_us_}, {"to_us", now_us}}, Json::object()}));
  return false;
}

}  // namespace netsampler::capture
