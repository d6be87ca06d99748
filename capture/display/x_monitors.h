// Which monitors show an X screen, by RandR 1.5, and when that may have changed. Without RandR nothing is known. Grab thread only.
#pragma once
#include <atomic>
#include <vector>

#include "capture/display/x11.h"
#include "capture/media/standing_picture.h"

namespace netsampler::capture {

class XMonitors {
 public:
  // Asks to be told of changes. `display` and `stop` outlive it.
  static Result<XMonitors> watch(const XDisplay& display, const std::atomic<bool>& stop);
  // An event of this connection: may the monitors have changed?
  void take_event(const xcb_generic_event_t& event);
  // Asks the server where a change was told of.
  Result<void> refresh();
  // x, y, width, height on the screen, as the server lists them (its primary first); empty: not known.
  const std::vector<Rect>& list() const { return list_; }

 private:
  XMonitors(const XDisplay& display, const std::atomic<bool>& stop) : display_(&display), stop_(&stop) {}
  const XDisplay* display_;
  const std::atomic<bool>* stop_;
  std::vector<Rect> list_;
  int first_event_ = 0;  // of RandR; 0: there is none
  bool stale_ = false;
};

}  // namespace netsampler::capture
