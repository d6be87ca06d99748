// The way from sealed segments to something a browser plays: an HLS playlist (RFC 8216, fragmented MP4), and where on it a moment lies.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evidence/ledger/index_reader.h"

namespace netsampler {

// A film: a source and those that follow it (the screen got another size, a camera another format), one behind the other. It is called
// by its first source. A source that is called by itself and is not the first is a film that begins there.
std::vector<SourceRow> film_of(const std::vector<SourceRow>& sources, const std::string& first);
// The name of the film that a source belongs to: the first of those that it goes on from.
std::string film_name_of(const std::vector<SourceRow>& sources, const std::string& source);

// The names of all films: the screen's first, then by name, whichever recorder was ready first.
std::vector<std::string> film_names(const std::vector<SourceRow>& sources);

struct PlaylistInput {
  std::string recording;
  std::vector<SegmentRow> segments;  // of a film, each source's in order of `no`, as the index gives them
  std::int64_t opened_at_us = 0, opened_boot_us = 0;
  bool over = true;  // closed or interrupted: nothing more will come
};

// One HLS segment is a group: the sealed segments from one that starts with a key frame to the next such, at most some ten seconds, for a player that
// jumps begins there and nowhere else. A group is of one source. Of a recording that goes on, the group that may still grow is left out.
std::vector<std::span<const SegmentRow>> groups_of(std::span<const SegmentRow> segments, bool over);
// "000003-000007.m4s"; the segments of that group of a source, none where there is no such group.
std::span<const SegmentRow> group_named(const PlaylistInput& input, const std::string& name);

// Durations are exact in pts, written in microseconds. A jump in pts is a discontinuity: the playlist goes on without the hole. So is the
// next source, with its own init.mp4.
// No group yet: `not_found`.
Result<std::string> playlist(const PlaylistInput& input);
std::int64_t playable_us(std::span<const SegmentRow> segments, bool over);  // how long the playlist is

std::int64_t duration_us(std::span<const SegmentRow> segments);
// The playlist position of BOOTTIME `boot_us`; before the first frame 0, in a hole its end, after the last frame the end.
// Empty where there are no segments.
std::optional<std::int64_t> position_us(const std::vector<SegmentRow>& segments, std::int64_t boot_us);

}  // namespace netsampler
