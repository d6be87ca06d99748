// What init.mp4 and the segments themselves say, read by a small strict parser: one video track, no edit list, in a segment
// moof + mdat pairs that follow each other without a hole. Times in ticks of the track's time scale.
#pragma once
#include <cstdint>
#include <string>

#include "evidence/base/bytes.h"

namespace netsampler::verify {

struct InitFacts {
  std::int64_t time_scale = 0, width = 0, height = 0;
  std::string codec;  // "h264" or "hevc"
  std::uint64_t track = 0, default_duration = 0, default_size = 0, default_flags = 0;  // from trex
};

struct SegmentFacts {
  std::int64_t frames = 0;
  std::int64_t first_pts = 0;  // the base decode time: there are no reordered frames
  std::int64_t end_pts = 0;
  std::int64_t last_duration = 0, longest = 0;
  bool key = false;  // the first frame can be decoded by itself
};

Result<InitFacts> read_init(ByteView bytes);
Result<SegmentFacts> read_segment(ByteView bytes, const InitFacts& init);

}  // namespace netsampler::verify
