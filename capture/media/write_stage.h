// The last stage of every recording, of screen and camera alike: encoded frames and notes → segmenter → sink. Write thread only,
// the queue apart.
#pragma once
#include <memory>
#include <variant>

#include "capture/media/segmenter.h"
#include "evidence/base/clock.h"
#include "evidence/base/queue.h"

namespace netsampler::capture {

using WriteItem = std::variant<EncodedFrame, Note>;
using WriteQueue = BoundedQueue<WriteItem>;

inline constexpr std::size_t kWriteQueue = 64;
inline constexpr std::int64_t kHeartbeatUs = 950'000;  // leaves 150 ms of delay before a standing picture counts as a gap

class WriteStage {
 public:
  // `source` without start_us: the first frame sets it.
  WriteStage(SegmentSink& sink, WriteQueue& in, SourceInfo source, const Clock& clock)
      : sink_(sink), in_(in), source_(std::move(source)), clock_(clock) {}
  Result<bool> step();  // one item, or a turn of waiting; false once all is handed over
  std::int64_t segments() const { return segmenter_ ? segmenter_->segments() : 0; }
  std::int64_t bytes() const { return segmenter_ ? segmenter_->bytes() : 0; }

 private:
  Result<void> take(EncodedFrame frame);
  SegmentSink& sink_;
  WriteQueue& in_;
  SourceInfo source_;
  const Clock& clock_;
  std::unique_ptr<Segmenter> segmenter_;
};

}  // namespace netsampler::capture
