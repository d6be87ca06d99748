#include "capture/media/write_stage.h"

#include <chrono>

namespace netsampler::capture {

Result<bool> WriteStage::step() {
  constexpr std::chrono::milliseconds kTurn(500);
  TRY(sink_.health());
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
  else if (auto* source = std::get_if<SourceInfo>(&*item))
    TRY(begin(std::move(*source)));
  else
    TRY(take(std::move(std::get<EncodedFrame>(*item))));
  return true;
}

Result<void> WriteStage::take(EncodedFrame frame) {
  if (!segmenter_) TRY(open_segmenter(frame.at_us));
  last_us_ = frame.at_us;
  frame.bytes.reserve(frame.bytes.size() + FrameStamp::kMostBytes);  // else it would be given twice what it has
  stamp_->stamp(frame, frame.at_us + utc_minus_boot_us(clock_), sink_.utc_error_us());
  frame.waiting += static_cast<std::int64_t>(in_.size());
  return segmenter_->add(std::move(frame));
}

// A source of which no frame came leaves nothing behind.
Result<void> WriteStage::begin(SourceInfo source) {
  if (segmenter_) {
    TRY(segmenter_->finish());
    segments_ += segmenter_->segments();
    bytes_ += segmenter_->bytes();
    before_ = source_.name;
    segmenter_.reset();
  }
  source_ = std::move(source);
  return {};
}

Result<void> WriteStage::open_segmenter(std::int64_t at_us) {
  source_.start_us = at_us;
  source_.follows = before_;
  source_.frame_times = true;
  stamp_.emplace(source_);
  segmenter_ = TRY(Segmenter::open(sink_, source_));
  if (before_.empty() || at_us - last_us_ <= kGapUs) return {};
  return sink_.note({"gap", {{"source", source_.name}, {"cause", source_.gap_cause}, {"from_us", last_us_}, {"to_us", at_us}}, Json::object()});
}

}  // namespace netsampler::capture
