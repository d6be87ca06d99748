// A private Xvfb for one test: its own number (-displayfd), gone with the object. And a window filled with one colour.
#pragma once
#include <poll.h>

#include <charconv>
#include <optional>
#include <string>

#include "capture/display/x11.h"
#include "evidence/base/process.h"

namespace netsampler::capture {

class XServer {
 public:
  static Result<XServer> start(int width, int height, const std::vector<std::string>& more = {}) {
    auto [reader, writer] = TRY(make_pipe());
    ProcessOptions options;
    options.arguments = {"Xvfb", "-displayfd", "9", "-screen", "0", std::to_string(width) + "x" + std::to_string(height) + "x24",
                         "-nolisten", "tcp", "-noreset"};
    options.arguments.insert(options.arguments.end(), more.begin(), more.end());
    options.descriptors = {{writer.get(), 9}};
    options.output_file = "/dev/null";
    XServer server;
    server.process_ = TRY(Process::start(options));
    writer.reset();
    server.display_ = ":" + TRY(first_line(reader.get()));
    return server;
  }
  const std::string& display() const { return display_; }
  Process& process() { return process_; }

 private:
  static Result<std::string> first_line(int fd) {
    std::string line;
    for (char letter = 0; letter != '\n';) {
      pollfd wait{fd, POLLIN, 0};
      if (::poll(&wait, 1, 20'000) <= 0 || ::read(fd, &letter, 1) != 1) return fail(ErrorKind::unavailable, "Xvfb did not start");
      if (letter != '\n') line += letter;
    }
    return line;
  }
  Process process_;
  std::string display_;
};

// A plain window (override-redirect, on top when made) of one colour.
class ColourWindow {
 public:
  ColourWindow(const XDisplay& x, const Rect& at, std::uint32_t rgb) : x_(x), window_(xcb_generate_id(x.get())) {
    const std::uint32_t values[] = {rgb, 1};
    xcb_create_window(x.get(), XCB_COPY_FROM_PARENT, window_, x.root(), static_cast<std::int16_t>(at.x), static_cast<std::int16_t>(at.y),
                      static_cast<std::uint16_t>(at.width), static_cast<std::uint16_t>(at.height), 0, XCB_WINDOW_CLASS_INPUT_OUTPUT,
                      XCB_COPY_FROM_PARENT, XCB_CW_BACK_PIXEL | XCB_CW_OVERRIDE_REDIRECT, values);
    xcb_map_window(x.get(), window_);
    xcb_flush(x.get());
  }
  void paint(std::uint32_t rgb) const {
    xcb_change_window_attributes(x_.get(), window_, XCB_CW_BACK_PIXEL, &rgb);
    xcb_clear_area(x_.get(), 0, window_, 0, 0, 0, 0);
    xcb_flush(x_.get());
  }

 private:
  const XDisplay& x_;
  xcb_window_t window_;
};

}  // namespace netsampler::capture
