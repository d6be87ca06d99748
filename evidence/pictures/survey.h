// Reads the media directory of one source from its first segment to its last and tells what the pictures show, a line a segment.
// It judges nothing: netsampler-verify compares. Strictly in the order of the numbers; memory does not grow with the recording.
#pragma once
#include <functional>
#include <string>

#include "evidence/base/file_system.h"
#include "evidence/base/json.h"

namespace netsampler::pictures {

struct SurveyOptions {
  bool strip = false;  // look for the strip, once a second and in each segment's first picture
};

// One JSON object of the profile a segment:
// {"first_pts"?:int,"frames":int (decoded soundly),"last_pts"?:int,"looks":[{"beacon"?:text,"head"?:16 hex digits,
//  "pts":int,"second"?:int}…],"no":int,"sha256"?:hash,"text"?:text,"why"?:"key" (needs segments that are not here) / "file"}
// Before it, where its pictures say their times (evidence/format/frame_time.h), lines {"no":int,"times":[[pts, number, boot_us, utc_us,
// utc_error_us]…]}, at most kTimesALine a line and kMostTimes a segment. At the end {"end":true,"segments":int}.
inline constexpr std::size_t kTimesALine = 400, kMostTimes = 10'000;
using LineVisitor = std::function<Result<void>(const Json& line)>;

// `directory` holds init.mp4 and ‹no›.m4s. `invalid`, `not_found`: no usable init.mp4.
Result<void> survey(const FileSystem& disk, const std::string& directory, const SurveyOptions& options, const LineVisitor& each);

}  // namespace netsampler::pictures
