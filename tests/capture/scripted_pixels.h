// A screen that follows a script, on a clock that moves only while it waits.
#pragma once
#include <algorithm>
#include <vector>

#include "capture/display/pixel_source.h"
#include "capture/media/hardship.h"
#include "evidence/base/clock.h"

namespace netsampler::capture {

// The script says at which times a block turns another colour, and when the screen gets another size; waiting moves the clock.
class ScriptedPixels final : public PixelSource {
 public:
  explicit ScriptedPixels(ManualClock& clock) : clock_(clock) {}
  std::vector<std::int64_t> changes_us;  // BOOTTIME, growing
  std::int64_t fetch_takes_us = 0;
  std::vector<Rect> shown_on;
  std::int64_t resize_at_us = 0;  // 0: never
  int resize_to = 64;
  int width() const override { return size_; }
  int height() const override { return size_; }
  const std::vector<Rect>& monitors() const override { return shown_on; }
  bool resized() const override { return size_now() != size_; }
  Result<void> follow() override {
    size_ = size_now();
    return {};
  }
  Result<bool> wait(std::int64_t not_before_us, std::int64_t until_us) override {
    const std::int64_t next = next_ < changes_us.size() ? std::max(changes_us[next_], not_before_us) : until_us;
    std::int64_t target = std::min(next, until_us);
    if (resize_at_us > clock_.boot) target = std::min(target, resize_at_us);
    if (target > clock_.boot) clock_.advance(target - clock_.boot);
    return next <= until_us || resized();
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
  int size_now() const { return resize_at_us != 0 && clock_.boot >= resize_at_us ? resize_to : size_; }
  ManualClock& clock_;
  std::size_t next_ = 0;
  int shade_ = 0, size_ = 64;
};

}  // namespace netsampler::capture
