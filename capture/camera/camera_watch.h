// Looks at the pictures of a running recording, on its own thread, at its own pace: it gets one when it is free, and never holds the
// recording up. It reads bar codes (a waybill becomes a fact), and notices a picture that stands still.
#pragma once
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "capture/camera/camera_decoder.h"
#include "capture/camera/camera_still.h"
#include "capture/camera/camera_waybill.h"
#include "evidence/base/queue.h"

namespace netsampler::capture {

// Either a decoded picture, or what it takes to decode the newest of `units`, the first of which is a key picture.
struct WatchItem {
  std::vector<CameraUnit> units;
  std::optional<CameraPicture> picture;
  std::int64_t at_us = 0;  // BOOTTIME in the recording
  std::string source;
};
using WatchQueue = BoundedQueue<WatchItem>;  // one place: a picture that finds it taken is not looked at

struct WatchTalk {
  std::atomic<bool> look_again = false;  // something was read once
  std::atomic<bool> damaged = false;     // a kept picture could not be decoded whole
};

inline constexpr std::int64_t kWatch_us = 250'000;        // between decoded pictures looked at
inline constexpr std::int64_t kKeptWatch_us = 1'500'000;  // between kept ones, which are decoded for this alone: at key pictures, mostly every second one

inline constexpr int kLooksAtOne = 3;                     // for codes, at a picture that does not change: one look costs 20 ms

class WatchStage {
 public:
  WatchStage(WatchQueue& in, WatchTalk& talk) : in_(in), talk_(talk) {}
  // Looks at one picture: what is to be written. Nothing once the queue is closed and empty; call finish() then.
  std::optional<std::vector<Note>> step();
  std::vector<Note> finish();
  std::int64_t looks() const { return looks_; }  // pictures of which codes were read

 private:
  std::optional<CameraPicture> newest_of(const std::vector<CameraUnit>& units);

  WatchQueue& in_;
  WatchTalk& talk_;
  std::unique_ptr<CameraDecoder> decoder_ = CameraDecoder::make();
  WaybillSightings sightings_;
  StillWatch still_;
  std::int64_t looks_ = 0;
};

}  // namespace netsampler::capture
