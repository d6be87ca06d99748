// An X display as a source of pixels: XDamage says where something may have changed, MIT-SHM brings those rectangles,
// XFixes the pointer's picture, XInput raw motion its moves. Without DAMAGE it polls the whole screen at the frame rate,
// without MIT-SHM it copies through the socket; notice() says so.
#pragma once
#include <memory>
#include <string>

#include "capture/display/pixel_source.h"
#include "capture/media/stop.h"
#include "capture/display/x11.h"
#include "evidence/base/clock.h"

namespace netsampler::capture {

struct GrabberOptions {
  bool use_damage = true, use_shm = true;  // false in tests of the fall-backs
};

class XGrabber : public PixelSource {
 public:
  // `display` stays open as long as the grabber lives and is its own; taken already by another recorder: `busy`.
  static Result<std::unique_ptr<XGrabber>> open(XDisplay display, const Clock& clock, const Stop& stop,
                                                const GrabberOptions& options = {});
  virtual std::string notice() const = 0;  // empty, or one line about what is missing
};

}  // namespace netsampler::capture
