// A screen and a meter of hardships that follow a script, on a clock that moves only while they wait.
#pragma once
#include <algorithm>
#include <vector>

#include "capture/display/pixel_source.h"
#include "capture/media/hardship.h"
#include "evidence/base/clock.h"

namespace netsampler::capture {

// The script says at which times a block turns another colour; waiting moves the clock.
class ScriptedPixels final : public PixelSource {
 public:
  explicit ScriptedPixels(ManualClock& clock) : clock_(clock) {}
  std::vector<std::int64_t> changes_us;  // BOOTTIME, growing
  std::int64_t fetch_takes_us = 0;
  int width() const override { return 64; }
  int height() const override { return 64; }
  Result<bool> wait(std::int64_t not_before_us, std::int64_t until_us) override {
    const std::int64_t next = next_ < changes_us.size() ? std::max(changes_us[next_], not_before_us) : until_us;
    const std::int64_t target = std::min(next, until_us);
    if (target > clock_.boot) clock_.advance(target - clock_.boot);
    return next <= until_us;
  }
  Result<void> fetch(StandingPicture& picture) override {
    clock_.advance(fetch_takes_us);
    while (next_ < changes_us.size() && changes_us[next_] <= clock_.boot) {
      const Bytes pixels(16 * 16 * 4, static_cast<std::uint8_t>(++shade_));
      picture.update({16, 16, 16, 16}, pixels.data(), 64);
      ++next_;
    }
    return {};
  }

 private:
  ManualClock& clock_;
  std::size_t next_ = 0;
  int shade_ = 0;
};

class ScriptedMeter final : public HardshipMeter {
 public:
  Hardship now;
  Hardship measure() const override { return now; }
};

}  // namespace netsampler::capture
