// What a recording's chain says of its pictures, for holding them against it: read a second time, by `--deep` alone, after the chain's
// own check. Holds 150 bytes a segment and 16 a line, at most kMostSegments and kMostLines.
#pragma once
#include <map>
#include <vector>

#include "evidence/verify/job.h"

namespace netsampler::verify {

struct SegmentClaim {
  std::int64_t seq = 0, frames = 0, dropped = 0, first_pts = 0, last_pts = 0;
  std::int64_t first_us = 0, last_us = 0;
  std::int64_t counted = 0;  // frames and dropped of this source's segments up to this one; kMostCounted stands for more
  Hash sha256{};
  // UTC − BOOTTIME, the least and the most of the records from the last one at or before first_us to this one's: more than one
  // where the clock was stepped meanwhile; and the most of their errors.
  std::int64_t least_offset_us = 0, most_offset_us = 0, err_us = 0;
  std::int64_t least_err_us = 0;  // of all records so far
  bool late = false;  // has sealed_late_us
};

struct SourceClaim {
  bool screen = false;
  bool kept = false;   // a camera's own stream
  bool timed = false;  // its pictures say their numbers and times
  std::int64_t start_us = 0;
  std::map<std::int64_t, SegmentClaim> segments;  // by number
};

struct PictureClaims {
  static constexpr std::int64_t kMostCounted = std::int64_t{1} << 60;
  static constexpr std::size_t kMostSegments = 100'000, kMostLines = 1'000'000, kMostSources = 100;
  std::map<std::string, SourceClaim> sources;
  struct Line {
    std::uint64_t head = 0;  // the first 8 bytes of the line's hash
    std::int64_t boot_us = 0;
    auto operator<=>(const Line&) const = default;
  };
  std::vector<Line> lines;      // sorted
  bool too_long = false;        // not all lines or segments were kept
  bool resumes = false;         // its first segments were seen while another chain was written
  std::optional<Hash> beacon;   // that `open` names
};

// `chain`: path of chain.jsonl. Records that are none, or lack what is asked here, are passed over: the chain's check has named them.
Result<PictureClaims> picture_claims(const Tree& tree, const std::string& chain);

}  // namespace netsampler::verify
