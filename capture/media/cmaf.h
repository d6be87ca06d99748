// The container writer: fragmented MP4 (CMAF) into memory through libavformat's mov muxer. One track, no edit list, one
// moof + mdat a segment; init and segments laid one behind the other play, and each segment plays behind init alone.
#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "capture/media/segment.h"

namespace netsampler::capture {

class CmafWriter {
 public:
  static Result<std::unique_ptr<CmafWriter>> open(const SourceInfo& source);
  virtual ~CmafWriter() = default;
  virtual const Bytes& init() const = 0;  // ftyp + moov
  // Frames in pts order, each later than every earlier one; the last stands for `last_duration` ticks. A jump of pts between
  // two calls stays a jump in the file.
  virtual Result<Bytes> segment(std::span<const EncodedFrame> frames, std::int64_t last_duration) = 0;
};

}  // namespace netsampler::capture
