#include "capture/media/segmenter.h"

#include <algorithm>

namespace netsampler::capture {
namespace {

constexpr std::size_t kFramesLimit = 1000;  // of one segment; a source faster than 500 frames a second is cut earlier

Segment facts_of(std::span<const EncodedFrame> frames, std::int64_t end_pts) {
  Segment segment;
  segment.key = frames.front().key;
  segment.frames = static_cast<std::int64_t>(frames.size());
  segment.first_pts = frames.front().pts;
  segment.last_pts = frames.back().pts;
  segment.last_duration = end_pts - segment.last_pts;
  segment.first_us = frames.front().at_us;
  segment.last_us = frames.back().at_us;
  std::int64_t longest = segment.last_duration;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    segment.dropped += frames[i].dropped;
    segment.lost += frames[i].lost;
    segment.jitter_us = std::max(segment.jitter_us, frames[i].late_us);
    segment.heartbeats += frames[i].heartbeat ? 1 : 0;
    segment.seen += frames[i].seen;
    segment.waiting = std::max(segment.waiting, frames[i].waiting);
    if (i > 0) longest = std::max(longest, frames[i].pts - frames[i - 1].pts);
  }
  segment.longest_us = longest * 100 / 9;
  return segment;
}

}  // namespace

Result<std::unique_ptr<Segmenter>> Segmenter::open(SegmentSink& sink, const SourceInfo& source) {
  auto writer = TRY(CmafWriter::open(source));
  TRY(sink.start(source, writer->init()));
  return std::unique_ptr<Segmenter>(new Segmenter(sink, std::move(writer), source));
}

Result<void> Segmenter::add(EncodedFrame frame) {
  if (last_pts_ && frame.pts <= *last_pts_) return fail(ErrorKind::internal, "frame times do not grow");
  if (last_pts_ && (expired_ || frame.pts - *last_pts_ > kGapTicks)) {
    TRY(close_for_gap());
    TRY(note_gap(frame));
  } else if (!held_.empty() && frame.pts - held_.front().pts > kSegmentTicks) {
    TRY(close_at(held_.back().pts, held_.size() - 1));  // too long with the held frame: that one begins the next
  }
  const std::int64_t length = next_no_ == 0 ? first_cut_ : kCutTicks;
  const bool full = held_.size() >= kFramesLimit || held_bytes_ + frame.bytes.size() > kSegmentBytes;
  if (!held_.empty() && (frame.key || full || frame.pts - held_.front().pts >= length))
    TRY(close_at(frame.pts, held_.size()));
  if (!held_.empty()) TRY(put_last(frame.pts));
  last_pts_ = frame.pts;
  last_us_ = frame.at_us;
  held_bytes_ += frame.bytes.size();
  held_.push_back(std::move(frame));
  return {};
}

Result<void> Segmenter::expire(std::int64_t now_us) {
  if (held_.empty() || now_us - held_.back().at_us <= kExpireUs) return {};
  expired_ = true;
  return close_for_gap();
}

Result<void> Segmenter::finish() { return close_for_gap(); }

Result<void> Segmenter::close_for_gap() {
  if (held_.empty()) return {};
  return close_at(held_.back().pts + kLastFrameTicks, held_.size());
}

Result<void> Segmenter::note_gap(const EncodedFrame& next) {
  expired_ = false;
  return sink_.note({"gap", {{"source", source_}, {"cause", next.gap_cause}, {"from_us", *last_us_}, {"to_us", next.at_us}}, Json::object()});
}

// The newest frame into the container: now it is known how long it stands.
Result<void> Segmenter::put_last(std::int64_t end_pts) {
  EncodedFrame& last = held_.back();
  TRY(writer_->put(last, end_pts - last.pts));
  Bytes().swap(last.bytes);
  return {};
}

// The first `count` frames are the segment: all, or all but the newest.
Result<void> Segmenter::close_at(std::int64_t end_pts, std::size_t count) {
  if (count == 0) return {};
  if (count == held_.size()) TRY(put_last(end_pts));
  const std::span<const EncodedFrame> frames(held_.data(), count);
  Segment segment = facts_of(frames, end_pts);
  segment.no = next_no_;
  segment.bytes = TRY(writer_->end_segment());
  TRY(sink_.segment(segment));
  ++next_no_;
  frames_ += segment.frames;
  bytes_ += static_cast<std::int64_t>(segment.bytes.size());
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(count));
  held_bytes_ = held_.empty() ? 0 : held_.back().bytes.size();
  return {};
}

}  // namespace netsampler::capture
