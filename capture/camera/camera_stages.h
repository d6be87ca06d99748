// The camera's own stages, each with a step() that threads call in a loop and tests call by hand:
//   read (stream → decoded picture with its time) → encode (heartbeats, gaps, x264) → write (segmenter → sink).
// Reading never waits for encoding: a picture that finds the queue full is counted as dropped, here and nowhere else.
// The recording outlives the camera: while nothing comes the last picture is repeated, and a `gap` says so when it is over.
#pragma once
#include <memory>
#include <optional>

#include "capture/camera/camera_stream.h"
#include "capture/camera/camera_time.h"
#include "capture/camera/camera_waybill.h"
#include "capture/media/stop.h"
#include "capture/media/write_stage.h"
#include "evidence/base/clock.h"

namespace netsampler::capture {

struct TimedPicture {
  CameraPicture picture;
  std::int64_t at_us = 0;  // BOOTTIME
  std::int64_t dropped = 0;
  bool reconnected = false;  // the camera had to be opened again since the picture before
};
using PictureQueue = BoundedQueue<TimedPicture>;

inline constexpr std::size_t kPictureQueue = 24;             // a second or so of a starved processor; 1.4 MB each at 1280×720
inline constexpr std::int64_t kAwayLimit_us = 60'000'000;  // a camera away for longer ends the recording
inline constexpr std::int64_t kWatch_us = 250'000;         // between pictures looked at for codes

class ReadStage {
 public:
  // `first`: a picture already taken from `stream`.
  ReadStage(CameraOpener opener, std::unique_ptr<CameraStream> stream, CameraPicture first, PictureQueue& out, WatchQueue& watch,
            const Clock& clock, const Stop& stop)
      : opener_(std::move(opener)), stream_(std::move(stream)), first_(std::move(first)), out_(out), watch_(watch), clock_(clock),
        stop_(stop), last_seen_us_(clock.boot_us()) {}
  // One picture, or one attempt to open the camera again. False where it ends: stop was asked for, or a file is over.
  // `unavailable`: the camera has been away for kAwayLimit_us.
  Result<bool> step();
  std::int64_t dropped() const { return dropped_; }

 private:
  Result<bool> reopen();
  Result<bool> lose(Error why);
  void hand_over(CameraPicture picture);

  CameraOpener opener_;
  std::unique_ptr<CameraStream> stream_;
  std::optional<CameraPicture> first_;
  PictureQueue& out_;
  WatchQueue& watch_;
  const Clock& clock_;
  const Stop& stop_;
  CameraTime time_;
  std::int64_t last_seen_us_;
  std::int64_t next_watch_us_ = 0;
  std::int64_t back_off_us_ = 0;
  std::int64_t dropped_ = 0, dropped_since_ = 0;
  bool reconnected_ = false;
};

class CameraEncodeStage {
 public:
  // `size`: the encoder's, in pixels.
  CameraEncodeStage(Encoder& encoder, int width, int height, PictureQueue& in, WriteQueue& out, const Clock& clock)
      : encoder_(encoder), width_(width), height_(height), in_(in), out_(out), clock_(clock) {}
  // One picture, or a heartbeat when none came in time; false once the queue is closed and empty, or nobody takes frames.
  Result<bool> step();
  std::int64_t frames() const { return frames_; }

 private:
  Result<bool> take(TimedPicture picture);
  Result<bool> encode(std::int64_t at_us, bool heartbeat, std::int64_t dropped);
  Result<bool> idle();
  void note_gap(std::int64_t to_us, const char* cause);

  Encoder& encoder_;
  int width_, height_;
  PictureQueue& in_;
  WriteQueue& out_;
  const Clock& clock_;
  CutRule cuts_;
  std::optional<CameraPicture> last_;
  std::optional<std::int64_t> start_us_, last_key_;
  std::int64_t last_at_us_ = 0;    // of the last frame, heartbeats included
  std::int64_t last_seen_us_ = 0;  // of the last picture that the camera sent
  std::int64_t frames_ = 0;
};

}  // namespace netsampler::capture
