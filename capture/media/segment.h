// What the stages hand each other behind the encoder: frames with their times, closed segments, and short notes for the chain.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "evidence/base/bytes.h"
#include "evidence/base/json.h"

namespace netsampler::capture {

// One encoded picture.
struct EncodedFrame {
  std::int64_t pts = 0;    // ticks (90 kHz) since the source's start_us
  std::int64_t at_us = 0;  // BOOTTIME of the picture
  bool key = false;
  bool heartbeat = false;    // nothing had moved
  std::int64_t dropped = 0;  // pictures lost before this one at the drop point
  Bytes bytes;               // in the layout that the source's extradata says
  const char* gap_cause = "stalled";  // why it comes late, if it does: a word of evidence-format.md, section 7
  std::int64_t late_us = -1;  // of a camera: how much longer than the quickest it was on its way; −1: not measured
  std::int64_t lost = 0;      // of a camera: packets lost on the way, and pictures damaged, since the frame before
  std::int64_t seen = 0;     // times since the frame before that the source had something new
  std::int64_t waiting = 0;  // frames behind this one when it came here
};

// ≤ 2 s of one source, whole: moof + mdat. Times as in the record `segment` (docs/design.md).
struct Segment {
  std::int64_t no = 0;
  bool key = false;  // its first frame is an IDR
  std::int64_t frames = 0, dropped = 0, heartbeats = 0;
  std::int64_t jitter_us = -1, lost = 0;                  // of a camera: the largest late_us (−1: not measured); all that was lost
  std::int64_t seen = 0;                                  // times that the source had something new
  std::int64_t waiting = 0;                               // most frames that waited before the container at once
  std::int64_t longest_us = 0;                            // the longest that one of its frames stood
  std::int64_t first_pts = 0, last_pts = 0, last_duration = 0;  // ticks
  std::int64_t first_us = 0, last_us = 0;                 // BOOTTIME of the first and the last frame
  Bytes bytes;
};

// What a container's header and the record `source` say about a source.
struct SourceInfo {
  std::string name;              // "screen", "camera", "phone"
  std::string medium;            // "screen" or "camera"
  std::string mode = "encoded";  // or "kept": the camera's own stream, not encoded again
  std::string codec = "h264";    // or "hevc"
  int width = 0, height = 0;     // pixels
  std::int64_t start_us = 0;     // BOOTTIME of pts 0
  Bytes extradata;               // avcC / hvcC, or Annex B parameter sets where the frames are Annex B too
  std::string follows = {};          // the source that it goes on from, where that one could not (another size); WriteStage sets it
  std::string why = {};              // why there is such a source, and in this mode: a word of evidence-format.md; empty: nothing to say
  std::string gap_cause = "stalled";  // why more than a frame's time lies between the two, where it does
  std::vector<std::array<int, 4>> monitors = {};  // x, y, width, height on the screen; empty: not known
  bool frame_times = false;          // each frame carries its number and times (frame_stamp.h): set where that is done, in the write stage
};

// A record without a file: gap, finding, chapter, mark. Public members in `body`, personal ones in `personal`.
struct Note {
  std::string type;
  Json body = Json::object();
  Json personal = Json::object();
};

}  // namespace netsampler::capture
