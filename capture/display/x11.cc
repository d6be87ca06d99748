#include "capture/display/x11.h"

#include <poll.h>
#include <xcb/xcbext.h>

#include <cerrno>
#include <utility>

namespace netsampler::capture {
namespace {

const xcb_screen_t* screen_of(xcb_connection_t* connection, int number) {
  auto screens = xcb_setup_roots_iterator(xcb_get_setup(connection));
  for (; screens.rem > 0 && number > 0; --number) xcb_screen_next(&screens);
  return screens.rem > 0 ? screens.data : nullptr;
}

// BGRX in memory: 32 bits a pixel, little-endian, red in bits 16–23.
bool is_bgrx(xcb_connection_t* connection, const xcb_screen_t& screen) {
  const xcb_setup_t* setup = xcb_get_setup(connection);
  if (setup->image_byte_order != XCB_IMAGE_ORDER_LSB_FIRST) return false;
  bool wide = false;
  for (auto formats = xcb_setup_pixmap_formats_iterator(setup); formats.rem > 0; xcb_format_next(&formats))
    if (formats.data->depth == screen.root_depth) wide = formats.data->bits_per_pixel == 32;
  bool order = false;
  for (auto depths = xcb_screen_allowed_depths_iterator(&screen); depths.rem > 0; xcb_depth_next(&depths))
    for (auto visuals = xcb_depth_visuals_iterator(depths.data); visuals.rem > 0; xcb_visualtype_next(&visuals))
      if (visuals.data->visual_id == screen.root_visual) order = visuals.data->red_mask == 0xff0000 && visuals.data->blue_mask == 0xff;
  return wide && order;
}

Error lost(const std::string& name) {
  return fail(ErrorKind::unavailable, "display " + name + " is gone (the recording ends here; start the X server again)");
}

}  // namespace

Result<XDisplay> XDisplay::open(const std::string& name) {
  int number = 0;
  XDisplay display(xcb_connect(name.c_str(), &number), name, nullptr);
  if (xcb_connection_has_error(display.connection_) != 0)
    return fail(ErrorKind::unavailable, "no X display " + name + " (start the desktop, or give the right --display)");
  display.screen_ = screen_of(display.connection_, number);
  if (display.screen_ == nullptr || !is_bgrx(display.connection_, *display.screen_))
    return fail(ErrorKind::unavailable, "display " + name + " has no 24-bit true-colour screen (set its depth to 24)");
  return display;
}

XDisplay::XDisplay(XDisplay&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)), name_(std::move(other.name_)), screen_(other.screen_) {}

XDisplay::~XDisplay() {
  if (connection_ != nullptr) xcb_disconnect(connection_);
}

Result<void*> XDisplay::await(unsigned int sequence, const std::atomic<bool>* stop) const {
  constexpr int kSliceMs = 100;
  xcb_flush(connection_);
  for (int waited = 0; waited < kReplyLimitMs; waited += kSliceMs) {
    void* raw = nullptr;
    xcb_generic_error_t* error = nullptr;
    // Polling reads the socket as well; the inner loop takes what came in pieces before a slice is over.
    pollfd wait{xcb_get_file_descriptor(connection_), POLLIN, 0};
    do {
      if (xcb_poll_for_reply(connection_, sequence, &raw, &error) != 0) {
        const XReply<xcb_generic_error_t> owned(error);
        if (raw != nullptr) return raw;
        if (error == nullptr) return lost(name_);
        return fail(ErrorKind::io, "the X server refused a request (code " + std::to_string(error->error_code) + ")");
      }
    } while (::poll(&wait, 1, kSliceMs) > 0 && xcb_connection_has_error(connection_) == 0);
    if (xcb_connection_has_error(connection_) != 0) return lost(name_);
    if (stop != nullptr && stop->load()) return fail(ErrorKind::unavailable, "display " + name_ + " does not answer");
  }
  return fail(ErrorKind::unavailable, "display " + name_ + " has not answered for 30 s (is the X server stopped?)");
}

Result<xcb_atom_t> XDisplay::atom(const std::string& name) const {
  const auto cookie = xcb_intern_atom(connection_, 0, static_cast<std::uint16_t>(name.size()), name.c_str());
  const auto reply_ = TRY(reply<xcb_intern_atom_reply_t>(cookie.sequence));
  return reply_->atom;
}

bool XDisplay::has_extension(xcb_extension_t& extension) const {
  const auto* data = xcb_get_extension_data(connection_, &extension);
  return data != nullptr && data->present != 0;
}

Result<void> XDisplay::alive() const {
  if (xcb_connection_has_error(connection_) != 0) return lost(name_);
  return {};
}

Result<void> check_display_free(const XDisplay& display) {
  const xcb_atom_t selection = TRY(display.atom(kRecorderSelection));
  const auto cookie = xcb_get_selection_owner(display.get(), selection);
  const auto owner = TRY(display.reply<xcb_get_selection_owner_reply_t>(cookie.sequence));
  if (owner->owner != XCB_NONE)
    return fail(ErrorKind::busy, "this display is being recorded already (one recorder a display: stop the other first)");
  return {};
}

Result<void> take_display(const XDisplay& display) {
  xcb_connection_t* x = display.get();
  const xcb_atom_t selection = TRY(display.atom(kRecorderSelection));
  const xcb_window_t window = xcb_generate_id(x);
  xcb_create_window(x, XCB_COPY_FROM_PARENT, window, display.root(), -1, -1, 1, 1, 0, XCB_WINDOW_CLASS_INPUT_ONLY,
                    XCB_COPY_FROM_PARENT, 0, nullptr);
  xcb_grab_server(x);  // nobody comes between the question and the claim
  const Result<void> vacant = check_display_free(display);
  if (vacant.ok()) xcb_set_selection_owner(x, window, selection, XCB_CURRENT_TIME);
  xcb_ungrab_server(x);
  xcb_flush(x);
  return vacant;
}

}  // namespace netsampler::capture
