// Writes each frame's number and times into the frame itself (evidence/format/frame_time.h): one SEI unit, put behind the units that must
// stand first and before the picture's own, so that a camera's stream that is kept as it came keeps every byte of its pictures.
// Write thread.
#pragma once
#include "capture/media/segment.h"
#include "evidence/format/frame_time.h"

namespace netsampler::capture {

class FrameStamp {
 public:
  static constexpr std::size_t kMostBytes = 4 + 2 + 2 + kFrameTimeBytes * 3 / 2 + 1;  // length, unit header, message header, message with escapes, end
  // The units' form is read from codec and extradata: each behind its length (avcC, hvcC), or behind start codes (Annex B).
  explicit FrameStamp(const SourceInfo& source);
  // A frame's number is the one before + 1 + what was dropped between.
  void stamp(EncodedFrame& frame, std::int64_t utc_us, std::int64_t utc_error_us);

 private:
  std::size_t place(ByteView frame) const;
  bool stands_first(std::uint8_t head) const;
  std::size_t put_unit(ByteView message, std::uint8_t* unit) const;

  bool hevc_;
  std::size_t length_bytes_;  // before each unit; 0: start codes
  std::int64_t next_ = 0;
};

}  // namespace netsampler::capture
