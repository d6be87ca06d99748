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

inline constexpr std::size_t kInitBytes = 1u << 20;       // no init.mp4 is longer
inline constexpr std::size_t kMoofBytes = 2u << 20;       // no moof is

Result<InitFacts> read_init(ByteView bytes);

// A segment as it is read, piece by piece: holds a moof at most, never a picture.
class SegmentReader {
 public:
  explicit SegmentReader(const InitFacts& init) : init_(init) {}
  void take(ByteView piece);      // after the first fault nothing more is looked at
  Result<SegmentFacts> finish();  // the fault, or what it holds

 private:
  Result<void> step(ByteView& piece);
  Result<void> begin_box();
  Result<void> end_box();
  const InitFacts init_;
  Result<void> state_;
  Bytes head_;                 // of the box, up to 8 bytes
  Bytes held_;                 // payload of the moof that is being read
  std::string type_;           // "" between two boxes
  std::uint64_t payload_bytes_ = 0, left_bytes_ = 0;
  bool awaits_data_ = false;   // a moof stands whose mdat has not come
  Bytes moof_;
  SegmentFacts facts_;
};
Result<SegmentFacts> read_segment(ByteView bytes, const InitFacts& init);  // all at once

}  // namespace netsampler::verify
