// The way from sealed segments to something a browser plays: an HLS playlist (RFC 8216, fragmented MP4), and where on it a moment lies.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "evidence/ledger/index_reader.h"

namespace netsampler {

struct PlaylistInput {
  std::string recording, source;
  std::vector<SegmentRow> segments;  // in order of `no`, as the index gives them
  std::int64_t opened_at_us = 0, opened_boot_us = 0;
  bool over = true;  // closed or interrupted: nothing more will come
};

// Durations are exact in pts, written in microseconds. A jump in pts is a discontinuity: the playlist goes on without the hole.
// No segments: `not_found`.
Result<std::string> playlist(const PlaylistInput& input);

std::int64_t duration_us(const std::vector<SegmentRow>& segments);
// The playlist position of BOOTTIME `boot_us`; before the first frame 0, in a hole its end, after the last frame the end.
// Empty where there are no segments.
std::optional<std::int64_t> position_us(const std::vector<SegmentRow>& segments, std::int64_t boot_us);

}  // namespace netsampler
