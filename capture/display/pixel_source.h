// Where screen pixels come from. Two of them: an X display, and a scripted one in the tests. Grab thread only.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "capture/media/standing_picture.h"
#include "evidence/base/result.h"

namespace netsampler::capture {

class PixelSource {
 public:
  virtual ~PixelSource() = default;
  virtual int width() const = 0;  // of the screen, pixels
  virtual int height() const = 0;
  // The monitors that show it, as last told; empty: not known.
  virtual const std::vector<Rect>& monitors() const = 0;
  // The screen has another size than width() and height() say: what fetch() brought is of no use, until follow() nothing more comes.
  virtual bool resized() const = 0;
  // Takes the new size, once it has stood still for a moment (well within the time that two frames may lie apart).
  virtual Result<void> follow() = 0;
  // Waits until something may have changed, but no shorter than `not_before_us` and no longer than `until_us` (BOOTTIME), and
  // no longer than until stop is asked for or the screen is resized. True: something may have changed.
  virtual Result<bool> wait(std::int64_t not_before_us, std::int64_t until_us) = 0;
  // Brings the picture and its pointer up to now, and the monitors.
  virtual Result<void> fetch(StandingPicture& picture) = 0;
};

}  // namespace netsampler::capture
