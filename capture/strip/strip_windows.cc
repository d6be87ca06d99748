#include "capture/strip/strip_windows.h"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "capture/strip/marker.h"

namespace netsampler::capture {

Result<std::unique_ptr<StripWindows>> StripWindows::open(XDisplay display) {
  auto windows = std::unique_ptr<StripWindows>(new StripWindows(std::move(display)));
  TRY(windows->make_windows());
  return windows;
}

int StripWindows::display_fd() const { return xcb_get_file_descriptor(display_.get()); }

Result<void> StripWindows::make_windows() {
  const std::uint32_t structure = XCB_EVENT_MASK_STRUCTURE_NOTIFY;
  xcb_change_window_attributes(display_.get(), display_.root(), XCB_CW_EVENT_MASK, &structure);
  const auto geometry = TRY(display_.reply<xcb_get_geometry_reply_t>(xcb_get_geometry(display_.get(), display_.root()).sequence));
  width_ = geometry->width;  // since we are told of changes
  height_ = geometry->height;
  gc_ = xcb_generate_id(display_.get());
  xcb_create_gc(display_.get(), gc_, display_.root(), 0, nullptr);
  dock_ = make_window(0, kStripHeight, true, "netsampler dock");
  strip_ = make_window(0, kStripHeight, false, "netsampler strip");
  TRY(describe_dock(dock_));
  TRY(describe_dock(strip_));
  fix_place(dock_);
  xcb_map_window(display_.get(), dock_);
  return display_.alive();
}

xcb_window_t StripWindows::make_window(int y, int height, bool managed, const char* name) {
  const xcb_window_t window = xcb_generate_id(display_.get());
  const std::uint32_t values[] = {display_.screen().black_pixel, managed ? 0U : 1U,
                                  managed ? 0U : static_cast<std::uint32_t>(XCB_EVENT_MASK_VISIBILITY_CHANGE)};
  xcb_create_window(display_.get(), XCB_COPY_FROM_PARENT, window, display_.root(), 0, static_cast<std::int16_t>(y),
                    static_cast<std::uint16_t>(width()), static_cast<std::uint16_t>(height), 0, XCB_WINDOW_CLASS_INPUT_OUTPUT,
                    XCB_COPY_FROM_PARENT, XCB_CW_BACK_PIXEL | XCB_CW_OVERRIDE_REDIRECT | XCB_CW_EVENT_MASK, values);
  xcb_change_property(display_.get(), XCB_PROP_MODE_REPLACE, window, XCB_ATOM_WM_NAME, XCB_ATOM_STRING, 8,
                      static_cast<std::uint32_t>(std::strlen(name)), name);
  return window;
}

// EWMH: a dock that keeps its height free at the top of every desktop.
Result<void> StripWindows::describe_dock(xcb_window_t window) {
  const xcb_atom_t type = TRY(display_.atom("_NET_WM_WINDOW_TYPE")), dock = TRY(display_.atom("_NET_WM_WINDOW_TYPE_DOCK"));
  const xcb_atom_t strut = TRY(display_.atom("_NET_WM_STRUT")), partial = TRY(display_.atom("_NET_WM_STRUT_PARTIAL"));
  const std::uint32_t room[12] = {0, 0, kStripHeight, 0, 0, 0, 0, 0, 0, static_cast<std::uint32_t>(width() - 1), 0, 0};
  xcb_change_property(display_.get(), XCB_PROP_MODE_REPLACE, window, type, XCB_ATOM_ATOM, 32, 1, &dock);
  xcb_change_property(display_.get(), XCB_PROP_MODE_REPLACE, window, strut, XCB_ATOM_CARDINAL, 32, 4, room);
  xcb_change_property(display_.get(), XCB_PROP_MODE_REPLACE, window, partial, XCB_ATOM_CARDINAL, 32, 12, room);
  return {};
}

// ICCCM WM_NORMAL_HINTS: the place is ours; without it a window manager centres the dock, across the page.
void StripWindows::fix_place(xcb_window_t window) {
  constexpr std::uint32_t kUserPosition = 1, kUserSize = 2, kProgramPosition = 4, kProgramSize = 8;
  std::uint32_t hints[18] = {kUserPosition | kUserSize | kProgramPosition | kProgramSize, 0, 0, static_cast<std::uint32_t>(width()), kStripHeight};
  xcb_change_property(display_.get(), XCB_PROP_MODE_REPLACE, window, XCB_ATOM_WM_NORMAL_HINTS, XCB_ATOM_WM_SIZE_HINTS, 32, 18, hints);
}

void StripWindows::show(xcb_window_t window, const Painting& painting) {
  xcb_connection_t* x = display_.get();
  const xcb_pixmap_t pixmap = xcb_generate_id(x);
  xcb_create_pixmap(x, display_.screen().root_depth, pixmap, window, static_cast<std::uint16_t>(painting.width),
                    static_cast<std::uint16_t>(painting.height));
  const std::size_t length = static_cast<std::size_t>(painting.width) * 4;
  constexpr std::size_t kHeaderBytes = 64;
  const std::size_t limit = std::size_t{xcb_get_maximum_request_length(x)} * 4 - kHeaderBytes;
  const int rows = static_cast<int>(std::clamp<std::size_t>(limit / length, 1, 64));
  for (int y = 0; y < painting.height; y += rows) {
    const int count = std::min(rows, painting.height - y);
    xcb_put_image(x, XCB_IMAGE_FORMAT_Z_PIXMAP, pixmap, gc_, static_cast<std::uint16_t>(painting.width), static_cast<std::uint16_t>(count),
                  0, static_cast<std::int16_t>(y), 0, display_.screen().root_depth, static_cast<std::uint32_t>(length * static_cast<std::size_t>(count)),
                  painting.pixels.data() + static_cast<std::size_t>(y) * length);
  }
  const std::uint32_t background = pixmap;
  xcb_change_window_attributes(x, window, XCB_CW_BACK_PIXMAP, &background);
  xcb_free_pixmap(x, pixmap);  // the window keeps it
  xcb_map_window(x, window);
  xcb_clear_area(x, 0, window, 0, 0, 0, 0);
}

Result<void> StripWindows::show_strip(const Painting& painting) {
  show(strip_, painting);
  raise();
  return display_.alive();
}

Result<void> StripWindows::show_preparation(const Painting& painting) {
  if (preparation_ == XCB_NONE) preparation_ = make_window(kStripHeight, height() - kStripHeight, false, "netsampler preparation");
  show(preparation_, painting);
  raise();
  return display_.alive();
}

void StripWindows::hide_preparation() {
  if (preparation_ == XCB_NONE) return;
  xcb_destroy_window(display_.get(), preparation_);
  preparation_ = XCB_NONE;
  xcb_flush(display_.get());
}

void StripWindows::raise() {
  const std::uint32_t above = XCB_STACK_MODE_ABOVE;
  if (preparation_ != XCB_NONE) xcb_configure_window(display_.get(), preparation_, XCB_CONFIG_WINDOW_STACK_MODE, &above);
  xcb_configure_window(display_.get(), strip_, XCB_CONFIG_WINDOW_STACK_MODE, &above);
  xcb_flush(display_.get());
}

Result<void> StripWindows::ask(const std::atomic<bool>& stop) {
  TRY(display_.reply<xcb_get_input_focus_reply_t>(xcb_get_input_focus(display_.get()).sequence, &stop));
  return {};
}

void StripWindows::abandon() { ::shutdown(display_fd(), SHUT_RDWR); }

Result<void> StripWindows::fit(int width, int height) {
  width_ = width;
  height_ = height;
  const std::uint32_t wide = static_cast<std::uint32_t>(width);
  for (const xcb_window_t window : {dock_, strip_}) {
    xcb_configure_window(display_.get(), window, XCB_CONFIG_WINDOW_WIDTH, &wide);
    TRY(describe_dock(window));
  }
  fix_place(dock_);
  hide_preparation();  // made anew with the next painting
  return {};
}

Result<StripWindows::Seen> StripWindows::take_events() {
  constexpr int kEventLimit = 256;
  Seen seen_now;
  int width = width_, height = height_;
  for (int i = 0; i < kEventLimit; ++i) {
    const XReply<xcb_generic_event_t> event(xcb_poll_for_event(display_.get()));
    if (!event) break;
    const int type = event->response_type & 0x7f;
    const auto& visible = reinterpret_cast<const xcb_visibility_notify_event_t&>(*event);
    if (type == XCB_VISIBILITY_NOTIFY && visible.window == strip_) seen_now.covered = visible.state != XCB_VISIBILITY_UNOBSCURED;
    const auto& placed = reinterpret_cast<const xcb_configure_notify_event_t&>(*event);
    if (type == XCB_CONFIGURE_NOTIFY && placed.window == display_.root()) width = placed.width, height = placed.height;
  }
  TRY(display_.alive());
  seen_now.resized = width != width_ || height != height_;
  if (seen_now.resized) TRY(fit(width, height));
  return seen_now;
}

}  // namespace netsampler::capture
