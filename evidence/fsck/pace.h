// A bounded rate: whoever reads tells how much, and is held until that much was due. One thread.
#pragma once
#include <cstdint>
#include <functional>

#include "evidence/base/clock.h"
#include "evidence/base/result.h"

namespace netsampler {

// Holds the caller up to so many milliseconds (≥ 1); an Error ends the run: asked to stop, or its time is up.
using HoldUp = std::function<Result<void>(int wait_ms)>;

class Pace {
 public:
  // `rate_bytes_per_s` ≥ 1. `clock` and what `hold_up` refers to outlive this.
  Pace(std::int64_t rate_bytes_per_s, const Clock& clock, HoldUp hold_up);
  Result<void> took(std::int64_t bytes);
  std::int64_t bytes() const { return bytes_; }  // all that was taken

 private:
  std::int64_t rate_;
  const Clock& clock_;
  HoldUp hold_up_;
  std::int64_t due_us_ = 0;  // BOOTTIME at which the bytes so far may have been read
  std::int64_t bytes_ = 0;
};

}  // namespace netsampler
