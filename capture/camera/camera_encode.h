// Encodes a camera's decoded pictures, one source after the other. The recording outlives the camera: while nothing comes the last picture
// is repeated, and a `gap` says so when it is over. One thread.
#pragma once
#include <memory>
#include <optional>

#include "capture/camera/keep_stage.h"

namespace netsampler::capture {

class CameraEncodeStage {
 public:
  // `meter`: of the thread that calls step().
  CameraEncodeStage(PictureQueue& in, WriteQueue& out, const Clock& clock, const HardshipMeter& meter) : in_(in), out_(out), clock_(clock), watch_(meter) {}
  // One picture, or a heartbeat when none came in time; false once the queue is closed and empty, or nobody takes frames.
  Result<bool> step();
  std::int64_t frames() const { return frames_; }

 private:
  Result<bool> take(TimedPicture picture);
  Result<bool> begin(const TimedPicture& picture);
  Result<bool> encode(std::int64_t at_us, bool heartbeat);
  Result<bool> idle();
  void note_gap(std::int64_t to_us, const char* cause);

  PictureQueue& in_;
  WriteQueue& out_;
  const Clock& clock_;
  LateWatch watch_;  // of frames, heartbeats included
  std::unique_ptr<Encoder> encoder_;  // absent before the first picture
  CutRule cuts_;
  TimedPicture last_;
  std::optional<std::int64_t> start_us_, last_key_;
  std::int64_t last_at_us_ = 0;    // of the last frame, heartbeats included
  std::int64_t last_seen_us_ = 0;  // of the last picture that the camera sent
  std::int64_t frames_ = 0;
};

}  // namespace netsampler::capture
