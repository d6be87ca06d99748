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

std::string head_of(const PlaylistInput& input) {
  std::int64_t longest = 0;
  bool all_keys = true;
  for (const SegmentRow& s : input.segments) longest = std::max(longest, length_pts(s)), all_keys = all_keys && s.key;
  std::string text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:" + std::to_string((longest + kPtsPerSecond - 1) / kPtsPerSecond) + "\n";
  text += "#EXT-X-MEDIA-SEQUENCE:" + std::to_string(input.segments.front().no) + "\n";
  text += std::string("#EXT-X-PLAYLIST-TYPE:") + (input.over ? "VOD" : "EVENT") + "\n";
  if (all_keys) text += "#EXT-X-INDEPENDENT-SEGMENTS\n";
  return text;
}

}  // namespace

Result<std::string> playlist(const PlaylistInput& input) {
  if (input.segments.empty()) return fail(ErrorKind::not_found, "这个画面还没有封存的分段 / no segment of this source is sealed yet");
  const std::string folder = "/media/recordings/" + input.recording + "/media/" + input.source + "/";
  std::string text = head_of(input) + "#EXT-X-MAP:URI=\"" + folder + "init.mp4\"\n";
  const SegmentRow* before = nullptr;
  for (const SegmentRow& s : input.segments) {
    const bool jump = before && end_pts(*before) != s.first_pts;
    if (jump) text += "#EXT-X-DISCONTINUITY\n";
    if (!before || jump) text += "#EXT-X-PROGRAM-DATE-TIME:" + program_time(input.opened_at_us + s.first_us - input.opened_boot_us) + "\n";
    text += "#EXTINF:" + seconds(to_us(length_pts(s))) + ",\n" + folder + s.path.substr(s.path.rfind('/') + 1) + "\n";
    before = &s;
  }
  if (input.over) text += "#EXT-X-ENDLIST\n";
  return text;
}

std::int64_t duration_us(const std::vector<SegmentRow>& segments) {
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
