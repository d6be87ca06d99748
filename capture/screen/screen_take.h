// One source of a screen recording: a screen of one size, with its own slots and encoder. Grab runs on the caller's thread, encode on one
// of its own. When the screen's size changes a take is over and the next one follows it, in the same recording.
#pragma once
#include <functional>
#include <memory>

#include "capture/media/stop.h"
#include "capture/screen/screen_stages.h"

namespace netsampler::capture {

struct TakeSettings {
  int frames_per_second = 30;
  bool watch_strip = true;
};

// What a take leaves to the next.
struct TakeEnd {
  bool resized = false;  // else: stop was asked for
  std::int64_t last_us = 0, dropped_since = 0;  // of GrabStage
};

class ScreenTake {
 public:
  // number from 1: the source is called screen, screen-2, screen-3 …. All that is handed in outlives it.
  static Result<std::unique_ptr<ScreenTake>> open(PixelSource& pixels, int number, const TakeEnd& before, const TakeSettings& settings, WriteQueue& out, const Clock& clock);
  SourceInfo source() const;
  // `meter`: of the calling thread. Until stop is asked for, the screen is resized or a stage fails. `began`: the first frame was taken. An error is the display's; the
  // encoder's goes to `stop`. All that was grabbed is in the write queue when it returns.
  Result<TakeEnd> run(Stop& stop, const HardshipMeter& meter, const std::function<void()>& began);
  std::int64_t frames() const { return encode_.frames(); }
  std::int64_t dropped() const { return dropped_; }

 private:
  ScreenTake(PixelSource& pixels, std::unique_ptr<Encoder> encoder, const GrabSettings& settings, WriteQueue& out, const Clock& clock);
  static Result<void> run_grab(GrabStage& grab, const Stop& stop, const std::function<void()>& began);

  PixelSource& pixels_;
  WriteQueue& out_;
  const Clock& clock_;
  const GrabSettings settings_;
  const int width_, height_;
  const std::vector<Rect> monitors_;
  std::unique_ptr<Encoder> encoder_;
  FrameSlots slots_;
  EncodeQueue to_encode_{kSlots};
  EncodeStage encode_;
  std::int64_t dropped_ = 0;
};

}  // namespace netsampler::capture
