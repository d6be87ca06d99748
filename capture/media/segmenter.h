// Cuts a stream of encoded frames into segments of at most 2 s and hands them to a sink. One thread.
// A frame is held back until the next one's pts is known, so each duration is exact; then its bytes go into the container. It cuts before a key frame, and before a
// frame ≥ 1.9 s behind the segment's first (0.9 s in the first segment of what we encode), and where kSegmentBytes are together. Frames more than 1.1 s apart are a gap: the segment ends, its last frame stands
// for one frame's time, and a `gap` note tells from when to when nothing was seen, with the cause that the frame behind it has.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capture/media/cmaf.h"
#include "capture/media/sink.h"

namespace netsampler::capture {

inline constexpr std::int64_t kSegmentTicks = 2 * 90'000;       // no segment is longer
inline constexpr std::size_t kSegmentBytes = 4 << 20;           // what a recorder holds of it at most twice; far below what the ledger takes
inline constexpr std::int64_t kCutTicks = 19 * 9'000;           // cut before a frame this far behind the first
inline constexpr std::int64_t kFirstCutTicks = 9 * 9'000;       // the first segment is short: until it is sealed nobody knows that the recording holds
inline constexpr std::int64_t kGapUs = 1'100'000;               // frames further apart are a gap
inline constexpr std::int64_t kExpireUs = 3'000'000;            // a frame held this long without a successor is handed over
inline constexpr std::int64_t kGapTicks = 11 * 9'000;
inline constexpr std::int64_t kLastFrameTicks = 3'000;          // what a frame stands for when nothing follows it
inline constexpr std::int64_t kKeyTicks = 7 * 90'000;  // an encoder places its next IDR at the first cut after this: < 10 s even where cuts are late

// Where the next segment should begin; an encoder asks the same rule to place its IDRs there.
class CutRule {
 public:
  bool cuts_before(std::int64_t pts, bool key) const {
    return first_ && (key || pts - *first_ >= length_ || pts - last_ > kGapTicks);
  }
  // True where the frame begins a segment.
  bool take(std::int64_t pts, bool key) {
    const bool begins = !first_ || cuts_before(pts, key);
    if (begins) length_ = first_ ? kCutTicks : kFirstCutTicks, first_ = pts;
    last_ = pts;
    return begins;
  }

 private:
  std::optional<std::int64_t> first_;
  std::int64_t last_ = 0, length_ = kFirstCutTicks;
};

class Segmenter {
 public:
  // Opens the container and starts the sink with its header.
  static Result<std::unique_ptr<Segmenter>> open(SegmentSink& sink, const SourceInfo& source);

  // pts must grow (`internal` otherwise).
  Result<void> add(EncodedFrame frame);
  // Hands over what is held when nothing came for kExpireUs, so that a hung display leaves no seconds unsealed; whatever
  // comes next stands behind a gap. Call it now and then while waiting.
  Result<void> expire(std::int64_t now_us);
  // The rest. No frame may follow.
  Result<void> finish();

  std::int64_t segments() const { return next_no_; }
  std::int64_t frames() const { return frames_; }
  std::int64_t bytes() const { return bytes_; }  // of segments, without init

 private:
  Segmenter(SegmentSink& sink, std::unique_ptr<CmafWriter> writer, const SourceInfo& source)
      : sink_(sink), writer_(std::move(writer)), source_(source.name), first_cut_(source.mode == "encoded" ? kFirstCutTicks : kCutTicks) {}
  Result<void> put_last(std::int64_t end_pts);
  Result<void> close_at(std::int64_t end_pts, std::size_t count);
  Result<void> close_for_gap();
  Result<void> note_gap(const EncodedFrame& next);

  SegmentSink& sink_;
  std::unique_ptr<CmafWriter> writer_;
  std::string source_;
  std::int64_t first_cut_;  // a kept stream has its own key frames to cut at
  std::vector<EncodedFrame> held_;  // the open segment, the newest frame last, which alone has its bytes; ≤ 2 s of frames
  std::size_t held_bytes_ = 0;      // of the open segment
  std::optional<std::int64_t> last_pts_, last_us_;
  bool expired_ = false;
  std::int64_t next_no_ = 0, frames_ = 0, bytes_ = 0;
};

}  // namespace netsampler::capture
