// What the camera's behaviour gives to tell, and which pictures are looked at.
#include "capture/camera/keep_stage.h"

namespace netsampler::capture {

void KeepStage::come_back(const Away& away) {
  time_.forget_stream();
  rate_.forget();
  reconnected_ = true;
  need_key_ = true;
  waiting_us_.reset();
  if (mode_ == Mode::undecided) held_.clear();
  if (mode_ == Mode::decoded) {
    decoder_->finish();
    static_cast<void>(take_pictures());  // of the connection before; what cannot be shown now is lost
  }
  tell("camera-reconnected", told_away_, {{"from_us", away.from_us}, {"to_us", away.to_us}, {"count", away.attempts}});
}

void KeepStage::look_at_rate(const CameraUnit& unit) {
  const auto lie = rate_.take(unit.arrived_us, unit.format->declared_rate);
  if (lie) tell("camera-rate", told_rate_, {{"from_us", lie->from_us}, {"to_us", lie->to_us}, {"count", lie->a_second}});
}

void KeepStage::look_at_times(std::int64_t at_us) {
  if (!time_.believed() && told_times_ == 0) tell("camera-clock", told_times_, {{"from_us", at_us}});
}

void KeepStage::tell(const char* code, int& told, Json more) {
  if (++told > kTellingsLimit) return;
  Json body{{"code", code}, {"severity", "note"}, {"source", source_}};
  body.update(more);
  out_.push(WriteItem(Note{"finding", std::move(body), Json::object()}));
}

// A key picture shows what there is to see for the price of one. Where the reader of codes has seen something once, it gets the newest
// picture too, with all that is needed to decode it.
void KeepStage::watch_unit(const CameraUnit& unit, std::int64_t at_us) {
  const bool again = watch_talk_.look_again.load();
  if (!unit.key && !again) return;
  if (watched_us_ && at_us - *watched_us_ < (again ? kWatch_us : kKeptWatch_us)) return;
  if (watch_.try_push({held_, std::nullopt, at_us, source_})) watched_us_ = at_us;
}

}  // namespace netsampler::capture
