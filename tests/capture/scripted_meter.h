// A meter of hardships that follow a script, and how often it was asked.
#pragma once
#include "capture/media/hardship.h"

namespace netsampler::capture {

class ScriptedMeter final : public HardshipMeter {
 public:
  Hardship now;
  mutable int asked = 0;
  Hardship measure() const override {
    ++asked;
    return now;
  }
};

}  // namespace netsampler::capture
