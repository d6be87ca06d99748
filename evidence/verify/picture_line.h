// A line of the helper, read strictly: it looked at hostile video and may itself have been taken over.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "evidence/format/frame_time.h"
#include "evidence/format/strip_code.h"

namespace netsampler::verify {

struct PictureLook {
  std::int64_t pts = 0;
  std::optional<StripCode> code;
  std::optional<std::array<std::uint8_t, 16>> beacon;
};

// What one picture says of itself.
struct PictureTime {
  std::int64_t pts = 0;
  FrameTime said;
};

struct PictureLine {
  bool end = false;  // the last line: nothing else is set
  std::int64_t no = 0, frames = 0;
  std::optional<std::int64_t> first_pts, last_pts;
  std::string sha256;         // of the bytes that were decoded; empty where the file could not be read
  std::string why, text;      // why nothing was decoded: "", "key", "file"; in words
  std::vector<PictureLook> looks;
  std::vector<PictureTime> times;  // not empty: a line of nothing else but `no`, before that segment's own
};

// `invalid`: of another form than evidence/pictures/survey.h says.
Result<PictureLine> parse_picture_line(std::string_view text);

}  // namespace netsampler::verify
