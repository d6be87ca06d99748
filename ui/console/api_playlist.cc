#include "ui/console/api_playlist.h"

#include <algorithm>

#include "evidence/base/clock.h"

namespace netsampler {
namespace {

constexpr std::int64_t kPtsPerSecond = 90'000;

std::int64_t end_pts(const SegmentRow& s) { return s.last_pts + s.last_duration; }
std::int64_t length_pts(const SegmentRow& s) { return std::max<std::int64_t>(end_pts(s) - s.first_pts, 0); }
std::int64_t to_us(std::int64_t pts) { return pts * 1'000'000 / kPtsPerSecond; }

std::string padded(std::int64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

std::string seconds(std::int64_t us) { return std::to_string(us / 1'000'000) + "." + padded(us % 1'000'000, 6); }

// "2026-11-22T21:23:44.123+08:00"
std::string program_time(std::int64_t utc_us) {
  std::string text = beijing_time(utc_us);
  std::replace(text.begin(), text.end(), ' ', 'T');
  return text + "." + padded(utc_us / 1000 % 1000, 3) + "+08:00";
}

using Group = std::span<const SegmentRow>;

std::string name_of(const Group& group) { return padded(group.front().no, 6) + "-" + padded(group.back().no, 6) + ".m4s"; }

bool goes_on(const SegmentRow& before, const SegmentRow& s) { return before.source == s.source && end_pts(before) == s.first_pts; }
// A group breaks off at a jump too: what stands behind it has times of its own.
bool begins_group(const SegmentRow& before, const SegmentRow& s) { return s.key || !goes_on(before, s); }

std::string head_of(const PlaylistInput& input, const std::vector<Group>& groups) {
  std::int64_t longest_us = 0;
  for (const Group& group : groups) longest_us = std::max(longest_us, duration_us(group));
  std::string text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:" + std::to_string((longest_us + 999'999) / 1'000'000) + "\n";
  text += "#EXT-X-MEDIA-SEQUENCE:0\n";
  text += std::string("#EXT-X-PLAYLIST-TYPE:") + (input.over ? "VOD" : "EVENT") + "\n";
  if (std::all_of(groups.begin(), groups.end(), [](const Group& group) { return group.front().key; })) text += "#EXT-X-INDEPENDENT-SEGMENTS\n";
  return text;
}

std::string time_of(const PlaylistInput& input, const SegmentRow& first) {
  return "#EXT-X-PROGRAM-DATE-TIME:" + program_time(input.opened_at_us + first.first_us - input.opened_boot_us) + "\n";
}

}  // namespace

std::vector<SourceRow> film_of(const std::vector<SourceRow>& sources, const std::string& first) {
  std::vector<SourceRow> film;
  for (const SourceRow& source : sources)  // in the order of their records: what follows stands behind
    if (film.empty() ? source.source == first : source.follows == film.back().source) film.push_back(source);
  return film;
}

std::string film_name_of(const std::vector<SourceRow>& sources, const std::string& source) {
  std::string name = source;
  for (auto each = sources.rbegin(); each != sources.rend(); ++each)
    if (each->source == name && !each->follows.empty()) name = each->follows;
  return name;
}

std::vector<std::string> film_names(const std::vector<SourceRow>& sources) {
  std::vector<std::pair<bool, std::string>> films;
  for (const SourceRow& source : sources)
    if (film_name_of(sources, source.source) == source.source) films.emplace_back(source.medium != "screen", source.source);
  std::sort(films.begin(), films.end());
  std::vector<std::string> names;
  for (auto& film : films) names.push_back(std::move(film.second));
  return names;
}

std::vector<Group> groups_of(std::span<const SegmentRow> all, bool over) {
  std::vector<Group> groups;
  std::size_t first = 0;
  for (std::size_t i = 1; i <= all.size(); ++i) {
    if (i < all.size() ? !begins_group(all[i - 1], all[i]) : !over) continue;
    groups.push_back(all.subspan(first, i - first));
    first = i;
  }
  return groups;
}

Group group_named(const PlaylistInput& input, const std::string& name) {
  for (const Group& group : groups_of(input.segments, input.over))
    if (name_of(group) == name) return group;
  return {};
}

Result<std::string> playlist(const PlaylistInput& input) {
  const std::vector<Group> groups = groups_of(input.segments, input.over);
  if (groups.empty()) return fail(ErrorKind::not_found, "这个画面还没有封存的分段 / no segment of this source is sealed yet");
  std::string text = head_of(input, groups);
  const SegmentRow* before = nullptr;
  for (const Group& group : groups) {
    const SegmentRow& first = group.front();
    const bool jump = before && !goes_on(*before, first);
    if (jump) text += "#EXT-X-DISCONTINUITY\n";
    if (!before || before->source != first.source)
      text += "#EXT-X-MAP:URI=\"/media/recordings/" + input.recording + "/media/" + first.source + "/init.mp4\"\n";
    if (!before || jump) text += time_of(input, first);
    text += "#EXTINF:" + seconds(duration_us(group)) + ",\n/api/v1/recordings/" + input.recording + "/" + first.source + "/group/" + name_of(group) + "\n";
    before = &group.back();
  }
  if (input.over) text += "#EXT-X-ENDLIST\n";
  return text;
}

std::int64_t playable_us(std::span<const SegmentRow> segments, bool over) {
  std::int64_t us = 0;
  for (const Group& group : groups_of(segments, over)) us += duration_us(group);
  return us;
}

std::int64_t duration_us(std::span<const SegmentRow> segments) {
  std::int64_t pts = 0;
  for (const SegmentRow& s : segments) pts += length_pts(s);
  return to_us(pts);
}

std::optional<std::int64_t> position_us(const std::vector<SegmentRow>& segments, std::int64_t boot_us) {
  if (segments.empty()) return std::nullopt;
  std::int64_t before_us = 0;
  for (const SegmentRow& s : segments) {
    const std::int64_t length_us = to_us(length_pts(s));
    if (boot_us < s.first_us + length_us) return before_us + std::max<std::int64_t>(boot_us - s.first_us, 0);
    before_us += length_us;
  }
  return before_us;
}

}  // namespace netsampler
