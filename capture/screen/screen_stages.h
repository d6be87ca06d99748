// The three stages of a screen recording, each with a step() that threads call in a loop and tests call by hand:
//   grab  (pixels → standing picture → slot) → encode (x264) → write (segmenter → sink).
// Back-pressure runs left: a slow sink fills the write queue, the encoder waits, the slots run out, grab counts a drop.
// Closing runs right: grab's end closes the encode queue, its end the write queue.
#pragma once
#include <optional>

#include "capture/media/frame_slots.h"
#include "capture/display/pixel_source.h"
#include "capture/media/hardship.h"
#include "capture/media/write_stage.h"
#include "capture/strip/strip_watch.h"
#include "evidence/base/clock.h"
#include "evidence/base/queue.h"

namespace netsampler::capture {

struct GrabbedFrame {
  std::size_t slot = 0;
  std::int64_t at_us = 0;  // BOOTTIME
  bool heartbeat = false;
  std::int64_t dropped = 0;
  const char* gap_cause = "stalled";  // where it comes late
  std::int64_t seen = 0;  // looks since then at which something was new
};

using EncodeQueue = BoundedQueue<GrabbedFrame>;

inline constexpr std::size_t kSlots = 3;

struct GrabSettings {
  int frames_per_second = 30;
  bool watch_strip = true;
  std::string source = "screen";
  std::int64_t after_us = 0;        // BOOTTIME of the last frame of the source that this one follows; 0: it is the first
  std::int64_t dropped_before = 0;  // pictures lost behind that frame
};

class GrabStage {
 public:
  GrabStage(PixelSource& source, FrameSlots& slots, EncodeQueue& out, WriteQueue& notes, const Clock& clock, const HardshipMeter& meter, const GrabSettings& settings)
      : source_(source), slots_(slots), out_(out), notes_(notes), clock_(clock), late_(meter), settings_(settings),
        picture_(source.width(), source.height()), watch_(settings.source), dropped_since_(settings.dropped_before) {}
  // Waits for the next moment that deserves a frame, and hands one over or counts a drop. False: the screen has another size now.
  Result<bool> step();
  Result<void> finish();  // a last frame of how the screen stands, where it still has this size; open findings
  void give_up();         // instead, where the display no longer answers: since when nothing was seen, open findings
  std::int64_t dropped() const { return dropped_; }
  std::int64_t dropped_since() const { return dropped_since_; }  // behind the last frame
  std::int64_t last_us() const { return last_us_; }              // BOOTTIME of that frame; 0: none

 private:
  void look_at_strip(std::int64_t at_us);
  void look_at_monitors(std::int64_t at_us);
  void tell(const char* code, std::int64_t from_us, Json more);
  void hand_over(std::int64_t at_us);

  PixelSource& source_;
  FrameSlots& slots_;
  EncodeQueue& out_;
  WriteQueue& notes_;
  const Clock& clock_;
  LateWatch late_;
  GrabSettings settings_;
  StandingPicture picture_;
  StripWatch watch_;
  std::optional<std::vector<Rect>> monitors_;
  std::int64_t last_us_ = 0, next_us_ = 0;
  std::int64_t dropped_ = 0, dropped_since_, seen_since_ = 0;
  std::int64_t display_us_ = 0;  // spent in fetches since the last frame
};

class EncodeStage {
 public:
  EncodeStage(Encoder& encoder, FrameSlots& slots, EncodeQueue& in, WriteQueue& out)
      : encoder_(encoder), slots_(slots), in_(in), out_(out) {}
  Result<bool> step();  // one frame; false once the queue is closed and empty
  std::int64_t frames() const { return frames_; }

 private:
  Encoder& encoder_;
  FrameSlots& slots_;
  EncodeQueue& in_;
  WriteQueue& out_;
  CutRule cuts_;
  std::optional<std::int64_t> start_us_, last_key_;
  std::int64_t frames_ = 0;
};

}  // namespace netsampler::capture
