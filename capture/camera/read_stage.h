// Reads the camera, and opens it again when it is gone. Reading never waits for what comes behind it: a unit that finds the queue full is
// counted as dropped, and so is all that cannot be decoded without it.
#pragma once
#include <atomic>
#include <deque>
#include <memory>
#include <optional>

#include "capture/camera/camera_stream.h"
#include "capture/media/hardship.h"
#include "capture/media/stop.h"
#include "evidence/base/clock.h"
#include "evidence/base/queue.h"

namespace netsampler::capture {

// How long a camera was not to be had.
struct Away {
  std::int64_t from_us = 0, to_us = 0;  // BOOTTIME: of the last unit before, and of the new connection
  std::int64_t attempts = 0;
};

struct ReadUnit {
  CameraUnit unit;
  std::int64_t dropped = 0;   // units lost before it
  std::optional<Away> away;   // the first of a new connection
  const char* late = kNoCause.data();  // what kept this program from the units that came late since the one before: suspended, starved, stopped
};
using UnitQueue = BoundedQueue<ReadUnit>;

// What the thread behind the queue tells this one.
struct ReadTalk {
  std::atomic<std::int64_t> taken_bytes = 0;  // of units taken from the queue so far
  std::atomic<std::int64_t> shown_us = 0;     // BOOTTIME of the newest unit of which something could be shown
  std::atomic<bool> useless = false;          // what comes cannot be shown: connect again
};

inline constexpr std::size_t kUnitQueue = 256;
inline constexpr std::int64_t kUnitQueueBytes = 32 << 20;
inline constexpr std::int64_t kAwayLimit_us = 60'000'000;  // a camera away for longer ends the recording

// The wait before the next attempt: doubled from 0.25 s to 4 s, and up to a quarter shorter or longer, as `chance` (any number) has it: a
// dozen boxes do not all ask a camera at once that has just come back.
std::int64_t back_off_us(std::int64_t attempt, std::uint32_t chance);

class ReadStage {
 public:
  // `first`: units already taken from `stream`. `meter`: of the thread that calls step().
  ReadStage(CameraOpener opener, std::unique_ptr<CameraStream> stream, std::deque<CameraUnit> first, UnitQueue& out, ReadTalk& talk,
            const Clock& clock, const Stop& stop, const HardshipMeter& meter)
      : opener_(std::move(opener)), stream_(std::move(stream)), first_(std::move(first)), out_(out), talk_(talk), clock_(clock), stop_(stop), watch_(meter),
        begun_us_(clock.boot_us()), last_seen_us_(begun_us_) {}
  // One unit, or one attempt to open the camera again. False where it ends: stop was asked for, or a file is over.
  // `unavailable`: the camera has been away, or has shown nothing, for kAwayLimit_us. `invalid`: a file that cannot be shown.
  Result<bool> step();
  std::int64_t dropped() const { return dropped_; }

 private:
  Result<bool> reopen();
  Result<bool> lose(Error why);
  void hand_over(CameraUnit unit);

  CameraOpener opener_;
  std::unique_ptr<CameraStream> stream_;
  std::deque<CameraUnit> first_;
  UnitQueue& out_;
  ReadTalk& talk_;
  const Clock& clock_;
  const Stop& stop_;
  LateWatch watch_;
  const char* late_ = kNoCause.data();  // of what no place was found for yet
  std::int64_t begun_us_, last_seen_us_;  // BOOTTIME of this stage's beginning, of the newest unit
  std::int64_t attempts_ = 0;
  std::int64_t pushed_bytes_ = 0;
  std::int64_t dropped_ = 0, dropped_since_ = 0;
  bool until_key_ = false;  // units that need what was dropped
  std::optional<Away> away_;
};

}  // namespace netsampler::capture
