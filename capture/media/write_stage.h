// The last stage of every recording, of screen and camera alike: encoded frames and notes → segmenter → sink. Each frame gets its number
// and times here (frame_stamp.h). Write thread only, the queue apart.
#pragma once
#include <memory>
#include <optional>
#include <variant>

#include "capture/media/frame_stamp.h"
#include "capture/media/segmenter.h"
#include "evidence/base/clock.h"
#include "evidence/base/queue.h"

namespace netsampler::capture {

using WriteItem = std::variant<EncodedFrame, Note, SourceInfo>;  // a SourceInfo: what comes now is of another source
using WriteQueue = BoundedQueue<WriteItem>;

inline constexpr std::size_t kWriteQueue = 64;
inline constexpr std::int64_t kHeartbeatUs = 950'000;  // leaves 150 ms of delay before a standing picture counts as a gap

class WriteStage {
 public:
  // `source` without start_us: the first frame sets it.
  WriteStage(SegmentSink& sink, WriteQueue& in, SourceInfo source, const Clock& clock)
      : sink_(sink), in_(in), source_(std::move(source)), clock_(clock) {}
  Result<bool> step();  // one item, or a turn of waiting; false once all is handed over
  // Behind a step that failed: what the sink took before goes where it belongs all the same.
  void settle() { static_cast<void>(sink_.finish()); }
  std::int64_t segments() const { return segments_ + (segmenter_ ? segmenter_->segments() : 0); }  // of all sources
  std::int64_t bytes() const { return bytes_ + (segmenter_ ? segmenter_->bytes() : 0); }

 private:
  Result<void> take(EncodedFrame frame);
  Result<void> begin(SourceInfo source);  // the one so far ends; this one begins with its first frame
  Result<void> open_segmenter(std::int64_t at_us);
  SegmentSink& sink_;
  WriteQueue& in_;
  SourceInfo source_;
  const Clock& clock_;
  std::optional<FrameStamp> stamp_;  // of the source whose segmenter this is
  std::unique_ptr<Segmenter> segmenter_;
  std::int64_t segments_ = 0, bytes_ = 0;  // of the sources that are over
  std::string before_;                     // the source before this one; empty: this is the first
  std::int64_t last_us_ = 0;               // BOOTTIME of the newest frame
};

}  // namespace netsampler::capture
