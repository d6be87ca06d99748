// Reads the waybill's bar code from the pictures of a running recording, on its own thread, at its own pace: it gets a picture
// when it is free, and never holds the recording up. A text that was read twice becomes a `fact` and the chapter 40-1.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "capture/camera/camera_stream.h"
#include "capture/media/segment.h"
#include "evidence/base/queue.h"
#include "evidence/vision/codes.h"

namespace netsampler::capture {

struct WatchedPicture {
  CameraPicture picture;
  std::int64_t at_us = 0;  // BOOTTIME in the recording
};
using WatchQueue = BoundedQueue<WatchedPicture>;  // one place: a picture that finds it taken is not looked at

// 8 to 34 capital letters and digits, at least six of them digits; not a trade article's number (EAN, UPC).
bool plausible_waybill(const Code& code);

// What was seen so far. One thread.
class WaybillSightings {
 public:
  // The codes of one picture: the notes to write, once for each text, when it is read for the second time.
  std::vector<Note> take(const std::vector<Code>& codes, std::int64_t at_us, const std::string& source);

 private:
  struct Sighting {
    std::int64_t first_us = 0;
    int times = 0;
  };
  std::map<std::string, Sighting> seen_;  // ≤ 64 texts
};

// Takes one picture from the queue and looks at it; false once the queue is closed and empty.
class WaybillStage {
 public:
  WaybillStage(WatchQueue& in, std::string source) : in_(in), source_(std::move(source)) {}
  std::optional<std::vector<Note>> step();

 private:
  WatchQueue& in_;
  std::string source_;
  WaybillSightings sightings_;
};

}  // namespace netsampler::capture
