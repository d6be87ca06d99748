// moving_screen --display :N [--fps F] [--side PIXELS]: a window over the whole display in which something else stands in every frame: a block of
// noise that wanders, and a bar. Until SIGTERM; then {"drawn":frames,"seconds":s}.
#include <poll.h>
#include <xcb/xcb.h>

#include <cstdint>
#include <iostream>
#include <memory>
#include <vector>

#include "evidence/base/clock.h"
#include "evidence/base/json.h"
#include "evidence/base/program.h"

namespace netsampler {
namespace {

constexpr int kBar = 24;

struct Disconnect {
  void operator()(xcb_connection_t* x) const { xcb_disconnect(x); }
};
struct Options {
  std::string display;
  int fps = 30, side = 192;  // of the noise, pixels
};

class Drawing {
 public:
  Drawing(xcb_connection_t* x, int side)
      : x_(x), screen_(xcb_setup_roots_iterator(xcb_get_setup(x)).data), side_(side), noise_(static_cast<std::size_t>(side) * static_cast<std::size_t>(side)) {
    window_ = xcb_generate_id(x);
    const std::uint32_t values[] = {screen_->white_pixel, 1};
    xcb_create_window(x, XCB_COPY_FROM_PARENT, window_, screen_->root, 0, 0, screen_->width_in_pixels, screen_->height_in_pixels, 0,
                      XCB_WINDOW_CLASS_INPUT_OUTPUT, XCB_COPY_FROM_PARENT, XCB_CW_BACK_PIXEL | XCB_CW_OVERRIDE_REDIRECT, values);
    xcb_map_window(x, window_);
    context_ = xcb_generate_id(x);
    xcb_create_gc(x, context_, window_, 0, nullptr);
  }
  void draw(std::int64_t frame) {
    for (std::uint32_t& pixel : noise_) pixel = state_ = state_ * 1'664'525 + 1'013'904'223;
    const auto x = static_cast<std::int16_t>(frame * 7 % (screen_->width_in_pixels - side_));
    const auto y = static_cast<std::int16_t>(40 + frame * 3 % (screen_->height_in_pixels - side_ - 40));
    xcb_put_image(x_, XCB_IMAGE_FORMAT_Z_PIXMAP, window_, context_, static_cast<std::uint16_t>(side_), static_cast<std::uint16_t>(side_), x, y, 0,
                  screen_->root_depth, static_cast<std::uint32_t>(noise_.size() * 4), reinterpret_cast<const std::uint8_t*>(noise_.data()));
    const xcb_rectangle_t bar{static_cast<std::int16_t>(frame * 11 % screen_->width_in_pixels), 40, kBar, screen_->height_in_pixels};
    const std::uint32_t colour = state_ & 0xffffff;
    xcb_change_gc(x_, context_, XCB_GC_FOREGROUND, &colour);
    xcb_poly_fill_rectangle(x_, window_, context_, 1, &bar);
    xcb_flush(x_);
  }

 private:
  xcb_connection_t* x_;
  const xcb_screen_t* screen_;
  xcb_window_t window_;
  xcb_gcontext_t context_;
  int side_;
  std::vector<std::uint32_t> noise_;
  std::uint32_t state_ = 1;
};

Result<int> run(const Options& options) {
  const Fd signals = TRY(stop_signals());
  const std::unique_ptr<xcb_connection_t, Disconnect> x(xcb_connect(options.display.c_str(), nullptr));
  if (xcb_connection_has_error(x.get()) != 0) return fail(ErrorKind::unavailable, "no X display " + options.display);
  Drawing drawing(x.get(), options.side);
  const SystemClock clock;
  const std::int64_t from_us = clock.boot_us(), interval_us = 1'000'000 / options.fps;
  std::int64_t frame = 0;
  for (std::int64_t next_us = from_us; !stop_requested(signals); next_us += interval_us) {
    drawing.draw(frame++);
    const std::int64_t wait_us = next_us + interval_us - clock.boot_us();
    pollfd wait{signals.get(), POLLIN, 0};
    if (wait_us > 0) ::poll(&wait, 1, static_cast<int>((wait_us + 999) / 1000));
    if (xcb_connection_has_error(x.get()) != 0) return fail(ErrorKind::unavailable, "the display is gone");
  }
  std::cout << print({{"drawn", frame}, {"milliseconds", (clock.boot_us() - from_us) / 1000}}) << "\n";
  return 0;
}

}  // namespace
}  // namespace netsampler

int main(int argc, char** argv) {
  CLI::App app("moving_screen: something else in every frame", "moving_screen");
  netsampler::Options options;
  app.add_option("--display", options.display, "X display")->required();
  app.add_option("--fps", options.fps, "frames a second")->check(CLI::Range(1, 60));
  app.add_option("--side", options.side, "of the noise, pixels")->check(CLI::Range(16, 1000));
  return netsampler::program_main(app, argc, argv, [&] { return netsampler::run(options); });
}
