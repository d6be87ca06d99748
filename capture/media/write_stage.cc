#include "capture/media/write_stage.h"

#include <chrono>

namespace netsampler::capture {

Result<bool> WriteStage::step() {
  constexpr std::chrono::milliseconds kTurn(500);
  auto item = in_.pop_for(kTurn);
  if (!item) {
    const bool over = in_.closed_and_empty();
    if (segmenter_ && over) TRY(segmenter_->finish());
    if (over) TRY(sink_.finish());
    if (segmenter_ && !over) TRY(segmenter_->expire(clock_.boot_us()));
    return !over;
  }
  if (auto* note = std::get_if<Note>(&*item))
    TRY(sink_.note(*note));
  else
    TRY(take(std::move(std::get<EncodedFrame>(*item))));
  return true;
}

Result<void> WriteStage::take(EncodedFrame frame) {
  if (!segmenter_) {
    source_.start_us = frame.at_us;
    segmenter_ = TRY(Segmenter::open(sink_, source_));
  }
  return segmenter_->add(std::move(frame));
}

}  // namespace netsampler::capture
