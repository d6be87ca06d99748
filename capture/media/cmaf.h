// The container writer: fragmented MP4 (CMAF) into memory through libavformat's mov muxer. One track, no edit list, one
// moof + mdat a segment; init and segments laid one behind the other play, and each segment plays behind init alone.
#pragma once
#include <cstdint>
#include <memory>

#include "capture/media/segment.h"

namespace netsampler::capture {

class CmafWriter {
 public:
  static Result<std::unique_ptr<CmafWriter>> open(const SourceInfo& source);
  virtual ~CmafWriter() = default;
  virtual const Bytes& init() const = 0;  // ftyp + moov
  // The open segment's next frame, which stands for `duration` ticks: later than every earlier one. Its bytes are copied: until the segment
  // ends they lie in the muxer, and nowhere else.
  virtual Result<void> put(const EncodedFrame& frame, std::int64_t duration) = 0;
  // moof + mdat of what was put since the last call; at least one frame. A jump of pts between two segments stays a jump in the file.
  virtual Result<Bytes> end_segment() = 0;
};

}  // namespace netsampler::capture
