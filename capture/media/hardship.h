// Why pictures come late: what kept a thread from its work, told apart by clocks that go on or stand still meanwhile.
//   suspended  CLOCK_BOOTTIME went on, CLOCK_MONOTONIC did not: the machine slept
//   starved    the thread could have run and no processor was given to it (schedstat: time on the run queue)
//   stopped    the whole program did not run though nobody else took the processor: SIGSTOP, a frozen group, a paused virtual machine
// The last is seen by a watchdog (Pulse) that wakes often and waits for nothing else: where it too comes late, all of us stood still.
#pragma once
#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>

#include "evidence/base/fd.h"

namespace netsampler::capture {

// Microseconds so far; each only grows.
struct Hardship {
  std::int64_t asleep_us = 0, starved_us = 0, stopped_us = 0;
};

// Two of them: the kernel's word, and a script in the tests.
class HardshipMeter {
 public:
  virtual ~HardshipMeter() = default;
  virtual Hardship measure() const = 0;  // of the thread that measures: always the same one
};

// Time that the calling thread (the one that opened it) spent waiting for a processor. 0 where the kernel does not tell.
class RunQueueWait {
 public:
  RunQueueWait();
  std::int64_t us() const;

 private:
  Fd schedstat_;
};

// The watchdog's side: one thread calls tick() before each wait of at most `wait_us`; any thread may ask.
class Pulse {
 public:
  static constexpr std::int64_t kTurnUs = 250'000;
  void tick(std::int64_t monotonic_us, std::int64_t starved_us, std::int64_t wait_us);
  // How long the turns came late in all, a turn that is overdue now included, less what the watchdog was starved.
  std::int64_t stopped_us(std::int64_t monotonic_us) const;

 private:
  std::atomic<std::int64_t> late_us_ = 0, due_us_ = 0;
  std::int64_t starved_us_ = 0;  // watchdog's thread only
};

class SystemHardship final : public HardshipMeter {
 public:
  explicit SystemHardship(const Pulse& pulse) : pulse_(pulse) {}
  Hardship measure() const override;

 private:
  const Pulse& pulse_;
  mutable std::optional<RunQueueWait> run_queue_;  // of the thread that measured first
};

std::int64_t monotonic_us();  // CLOCK_MONOTONIC

// What a thread knows of its own way from one picture to the next.
struct Lateness {
  std::int64_t gap_us = 0;      // BOOTTIME between the two
  Hardship before, after;       // measured at each
  std::int64_t display_us = 0;  // of it, spent waiting for the display's answers
  bool dropped = false;         // pictures were lost between: nobody took them
};
// The cause of a `gap` (evidence-format.md, section 7): suspended, starved, stopped, backlog, display, or "stalled" where none of these
// explains half of it.
const char* gap_cause(const Lateness& late);

inline constexpr std::string_view kNoCause = "stalled";

// Asks for the cause where a picture is late. Measured before as well, but not at each picture: at the newest one that came a quarter of a second
// or more behind the measure before. So up to that much of what is held against a gap may lie in front of it: less than a
// quarter of the shortest gap. One thread.
class LateWatch {
 public:
  static constexpr std::int64_t kLateUs = 500'000, kMeasureUs = 250'000;
  explicit LateWatch(const HardshipMeter& meter) : meter_(meter) {}
  // At each picture. `at_us`: BOOTTIME, never earlier than at the call before. The word where it is kLateUs behind the one before, else kNoCause.
  const char* cause_at(std::int64_t at_us, std::int64_t display_us = 0, bool dropped = false);

 private:
  const HardshipMeter& meter_;
  Hardship measured_;
  std::int64_t measured_us_ = 0, last_us_ = 0;
};

}  // namespace netsampler::capture
