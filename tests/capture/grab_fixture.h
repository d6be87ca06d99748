// A grab stage over scripted pixels, stepped by hand.
#pragma once
#include <gtest/gtest.h>

#include "capture/screen/screen_stages.h"
#include "tests/capture/scripted_meter.h"
#include "tests/capture/scripted_pixels.h"

namespace netsampler::capture {

class GrabFixture : public testing::Test {
 protected:
  ManualClock clock_;
  ScriptedPixels pixels_{clock_};
  ScriptedMeter meter_;
  FrameSlots slots_{64, 64, kSlots};
  EncodeQueue to_encode_{kSlots};
  WriteQueue to_write_{kWriteQueue};
  GrabStage grab_{pixels_, slots_, to_encode_, to_write_, clock_, meter_, {30, false}};
};

}  // namespace netsampler::capture
