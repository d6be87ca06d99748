// The strip's windows on the display: the strip itself (override-redirect, so no window manager moves it), a managed dock below
// it that reserves its height on the desktop, and the preparation window. What is painted stays painted: it is each window's
// background, so the X server itself restores it when it was covered. Strip thread only.
#pragma once
#include <memory>

#include "capture/strip/strip_paint.h"
#include "capture/display/x11.h"

namespace netsampler::capture {

class StripWindows {
 public:
  static Result<std::unique_ptr<StripWindows>> open(XDisplay display);
  StripWindows(const StripWindows&) = delete;
  StripWindows& operator=(const StripWindows&) = delete;

  int width() const { return width_; }  // of the screen, as last told
  int height() const { return height_; }
  int display_fd() const;
  Result<void> show_strip(const Painting& painting);
  Result<void> show_preparation(const Painting& painting);  // below the strip, over everything else
  void hide_preparation();
  void raise();  // the preparation window, then the strip
  // `unavailable` where the server does not answer. Asked before each drawing: a hung server must not block a long write.
  Result<void> ask(const std::atomic<bool>& stop);
  // From another thread, at the very end: whatever the strip's thread waits for on this connection fails.
  void abandon();
  struct Seen {
    bool covered = false;  // the strip, by another window
    bool resized = false;  // the screen: the windows have its width again, and must be painted anew
  };
  Result<Seen> take_events();

 private:
  explicit StripWindows(XDisplay display) : display_(std::move(display)), width_(display_.width()), height_(display_.height()) {}
  Result<void> make_windows();
  xcb_window_t make_window(int y, int height, bool managed, const char* name);
  void show(xcb_window_t window, const Painting& painting);
  Result<void> describe_dock(xcb_window_t window);
  void fix_place(xcb_window_t window);
  Result<void> fit(int width, int height);

  XDisplay display_;
  int width_, height_;
  xcb_gcontext_t gc_ = XCB_NONE;
  xcb_window_t strip_ = XCB_NONE, dock_ = XCB_NONE, preparation_ = XCB_NONE;
};

}  // namespace netsampler::capture
