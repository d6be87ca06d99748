#include "capture/display/x_grabber.h"

#include <poll.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "capture/display/x_monitors.h"
#include "capture/display/x_shared_memory.h"

namespace netsampler::capture {
namespace {

constexpr std::size_t kRectLimit = 24;  // more damaged rectangles than this are fetched as their common box
constexpr int kEventLimit = 4096;       // events taken in one turn
constexpr std::int64_t kSettledUs = 150'000, kSettleLimitUs = 600'000;  // a desktop that is drawn larger by hand changes its size many times

class Grabber final : public XGrabber {
 public:
  Grabber(XDisplay display, const Clock& clock, const Stop& stop)
      : x_(std::move(display)), clock_(clock), stop_(stop), width_(x_.width()), height_(x_.height()), width_now_(width_), height_now_(height_) {}

  Result<void> start(const GrabberOptions& options) {
    TRY(take_display(x_));
    const std::uint32_t structure = XCB_EVENT_MASK_STRUCTURE_NOTIFY;
    xcb_change_window_attributes(x_.get(), x_.root(), XCB_CW_EVENT_MASK, &structure);
    const auto geometry = TRY(ask<xcb_get_geometry_reply_t>(xcb_get_geometry(x_.get(), x_.root())));  // since we are told of changes
    width_ = width_now_ = geometry->width;
    height_ = height_now_ = geometry->height;
    monitors_ = TRY(XMonitors::watch(x_, stop_.flag()));
    TRY(start_fixes());
    if (options.use_damage && has_fixes_) TRY(start_damage());
    TRY(start_raw_motion());
    if (options.use_shm) share_memory();
    return {};
  }

  int width() const override { return width_; }
  int height() const override { return height_; }
  const std::vector<Rect>& monitors() const override { return monitors_->list(); }
  bool resized() const override { return width_now_ != width_ || height_now_ != height_; }
  Result<void> follow() override {
    TRY(settle());
    width_ = width_now_;
    height_ = height_now_;
    first_ = damaged_ = pointer_moved_ = pointer_changed_ = true;
    if (memory_) {
      xcb_shm_detach(x_.get(), memory_->segment());
      share_memory();
    }
    return monitors_->refresh();
  }
  std::string notice() const override {
    std::string text;
    if (damage_ == XCB_NONE) text += "no DAMAGE on this display: the whole screen is compared at each frame";
    if (!memory_) text += std::string(text.empty() ? "" : "; ") + "no MIT-SHM on this display: pixels are copied through the socket";
    return text;
  }

  Result<bool> wait(std::int64_t not_before_us, std::int64_t until_us) override {
    while (!stop_.asked()) {
      TRY(take_events());
      const std::int64_t now = clock_.boot_us();
      if (resized()) return true;
      const bool moved = damaged_ || pointer_moved_ || pointer_changed_ || damage_ == XCB_NONE;
      if (moved && now >= not_before_us) return true;
      if (now >= until_us) return false;
      TRY(poll_until(moved ? not_before_us : until_us, !moved, now));
    }
    return false;
  }

  // An event came before the reply of any request behind it: pixels of a screen that has another size by then are not taken for whole.
  Result<void> fetch(StandingPicture& picture) override {
    const Result<void> brought = fetch_all(picture);
    TRY(take_events(xcb_poll_for_queued_event));
    if (resized()) return {};
    if (!brought.ok()) return brought;
    return monitors_->refresh();
  }

 private:
  Result<void> fetch_all(StandingPicture& picture) {
    TRY(take_events());
    if (resized()) return {};
    const bool whole = damage_ == XCB_NONE || first_, answered = whole || damaged_;
    if (whole)
      TRY(fetch_whole(picture));
    else if (damaged_)
      TRY(fetch_damaged(picture));
    first_ = damaged_ = false;
    return fetch_pointer(picture, answered);
  }

  void share_memory() {
    auto memory = XSharedMemory::attach(x_, static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * 4);
    memory_ = memory.ok() ? memory.take() : nullptr;
  }

  Result<void> settle() {
    const std::int64_t from_us = clock_.boot_us();
    std::int64_t still_us = from_us;
    for (std::int64_t now_us = from_us; now_us - still_us < kSettledUs && now_us - from_us < kSettleLimitUs && !stop_.asked(); now_us = clock_.boot_us()) {
      const int width = width_now_, height = height_now_;
      TRY(poll_until(still_us + kSettledUs, true, now_us));
      TRY(take_events());
      if (width != width_now_ || height != height_now_) still_us = clock_.boot_us();
    }
    return {};
  }

  template <class T, class Cookie>
  Result<XReply<T>> ask(Cookie cookie) {
    return x_.reply<T>(cookie.sequence, &stop_.flag());
  }

  Result<void> start_fixes() {
    if (!x_.has_extension(xcb_xfixes_id)) return {};
    TRY(ask<xcb_xfixes_query_version_reply_t>(xcb_xfixes_query_version(x_.get(), 5, 0)));
    has_fixes_ = true;
    fixes_event_ = xcb_get_extension_data(x_.get(), &xcb_xfixes_id)->first_event;
    xcb_xfixes_select_cursor_input(x_.get(), x_.root(), XCB_XFIXES_CURSOR_NOTIFY_MASK_DISPLAY_CURSOR);
    return {};
  }

  Result<void> start_damage() {
    if (!x_.has_extension(xcb_damage_id)) return {};
    TRY(ask<xcb_damage_query_version_reply_t>(xcb_damage_query_version(x_.get(), 1, 1)));
    damage_event_ = xcb_get_extension_data(x_.get(), &xcb_damage_id)->first_event;
    damage_ = xcb_generate_id(x_.get());
    region_ = xcb_generate_id(x_.get());
    xcb_damage_create(x_.get(), damage_, x_.root(), XCB_DAMAGE_REPORT_LEVEL_NON_EMPTY);
    xcb_xfixes_create_region(x_.get(), region_, 0, nullptr);
    return {};
  }

  Result<void> start_raw_motion() {
    if (!x_.has_extension(xcb_input_id)) return {};
    TRY(ask<xcb_input_xi_query_version_reply_t>(xcb_input_xi_query_version(x_.get(), 2, 2)));
    input_opcode_ = xcb_get_extension_data(x_.get(), &xcb_input_id)->major_opcode;
    struct {
      xcb_input_event_mask_t head;
      std::uint32_t mask;
    } events{{XCB_INPUT_DEVICE_ALL_MASTER, 1}, XCB_INPUT_XI_EVENT_MASK_RAW_MOTION};
    xcb_input_xi_select_events(x_.get(), x_.root(), 1, &events.head);
    return {};
  }

  Result<void> take_events(xcb_generic_event_t* (*next)(xcb_connection_t*) = xcb_poll_for_event) {
    for (int i = 0; i < kEventLimit; ++i) {
      const XReply<xcb_generic_event_t> event(next(x_.get()));
      if (!event) break;
      take_event(*event);
    }
    return x_.alive();
  }

  void take_event(const xcb_generic_event_t& event) {
    const int type = event.response_type & 0x7f;
    if (damage_ != XCB_NONE && type == damage_event_ + XCB_DAMAGE_NOTIFY) damaged_ = true;
    if (has_fixes_ && type == fixes_event_ + XCB_XFIXES_CURSOR_NOTIFY) pointer_changed_ = true;
    if (type == XCB_GE_GENERIC && reinterpret_cast<const xcb_ge_generic_event_t&>(event).extension == input_opcode_)
      pointer_moved_ = true;
    if (monitors_) monitors_->take_event(event);
    if (type != XCB_CONFIGURE_NOTIFY) return;
    const auto& now = reinterpret_cast<const xcb_configure_notify_event_t&>(event);
    if (now.window != x_.root()) return;
    width_now_ = now.width;
    height_now_ = now.height;
  }

  Result<void> poll_until(std::int64_t until_us, bool watch_display, std::int64_t now_us) {
    xcb_flush(x_.get());
    pollfd waits[2] = {{stop_.wake_fd(), POLLIN, 0}, {xcb_get_file_descriptor(x_.get()), POLLIN, 0}};
    const std::int64_t wait_us = std::max<std::int64_t>(0, until_us - now_us);
    const timespec limit{wait_us / 1'000'000, wait_us % 1'000'000 * 1000};
    if (::ppoll(waits, watch_display ? 2 : 1, &limit, nullptr) < 0 && errno != EINTR) return fail_errno("poll");
    return {};
  }

  // Into rects_.
  Result<void> find_damaged() {
    xcb_damage_subtract(x_.get(), damage_, XCB_NONE, region_);
    const auto reply = TRY(ask<xcb_xfixes_fetch_region_reply_t>(xcb_xfixes_fetch_region(x_.get(), region_)));
    const Rect whole{0, 0, width_, height_};
    const auto rect_of = [&](const xcb_rectangle_t& r) { return intersection({r.x, r.y, r.width, r.height}, whole); };
    const int count = xcb_xfixes_fetch_region_rectangles_length(reply.get());
    rects_.clear();
    const bool many = static_cast<std::size_t>(count) > kRectLimit;
    if (many) rects_.push_back(rect_of(reply->extents));
    for (int i = 0; i < count && !many; ++i) rects_.push_back(rect_of(xcb_xfixes_fetch_region_rectangles(reply.get())[i]));
    std::erase_if(rects_, [](const Rect& r) { return r.width == 0 || r.height == 0; });
    return {};
  }

  // Damage is taken off before the pixels are read: it is reported again only once it has been empty.
  Result<void> fetch_whole(StandingPicture& picture) {
    if (damage_ != XCB_NONE) xcb_damage_subtract(x_.get(), damage_, XCB_NONE, XCB_NONE);
    rects_.assign(1, {0, 0, width_, height_});
    return fetch_rects(picture);
  }

  Result<void> fetch_damaged(StandingPicture& picture) {
    TRY(find_damaged());
    return fetch_rects(picture);
  }

  Result<void> fetch_rects(StandingPicture& picture) { return memory_ ? fetch_shared(picture) : fetch_copied(picture); }

  // All requests leave in one go; damaged rectangles do not overlap, so together they fit into a screen's bytes.
  Result<void> fetch_shared(StandingPicture& picture) {
    cookies_.clear();
    std::uint32_t offset = 0;
    for (const Rect& r : rects_) {
      cookies_.push_back(xcb_shm_get_image(x_.get(), x_.root(), static_cast<std::int16_t>(r.x), static_cast<std::int16_t>(r.y),
                                           static_cast<std::uint16_t>(r.width), static_cast<std::uint16_t>(r.height), ~0U,
                                           XCB_IMAGE_FORMAT_Z_PIXMAP, memory_->segment(), offset));
      offset += static_cast<std::uint32_t>(r.width * r.height * 4);
    }
    const std::uint8_t* pixels = memory_->data();
    for (std::size_t i = 0; i < rects_.size(); ++i) {
      TRY(ask<xcb_shm_get_image_reply_t>(cookies_[i]));
      picture.update(rects_[i], pixels, static_cast<std::size_t>(rects_[i].width) * 4);
      pixels += static_cast<std::size_t>(rects_[i].width) * static_cast<std::size_t>(rects_[i].height) * 4;
    }
    return {};
  }

  Result<void> fetch_copied(StandingPicture& picture) {
    for (const Rect& r : rects_) {
      const auto reply = TRY(ask<xcb_get_image_reply_t>(
          xcb_get_image(x_.get(), XCB_IMAGE_FORMAT_Z_PIXMAP, x_.root(), static_cast<std::int16_t>(r.x), static_cast<std::int16_t>(r.y),
                        static_cast<std::uint16_t>(r.width), static_cast<std::uint16_t>(r.height), ~0U)));
      const std::size_t expected = static_cast<std::size_t>(r.width) * static_cast<std::size_t>(r.height) * 4;
      if (static_cast<std::size_t>(xcb_get_image_data_length(reply.get())) < expected)
        return fail(ErrorKind::io, "the X server sent fewer pixels than asked for");
      picture.update(r, xcb_get_image_data(reply.get()), static_cast<std::size_t>(r.width) * 4);
    }
    return {};
  }

  // Where nothing was fetched the pointer is asked for all the same: a heartbeat says that nothing moved, and only a server that
  // answers can say so; one that hangs must show as a gap.
  Result<void> fetch_pointer(StandingPicture& picture, bool answered) {
    if (!has_fixes_) return {};
    if (pointer_changed_) TRY(fetch_pointer_shape(picture));
    if (pointer_moved_ || input_opcode_ == 0 || damage_ == XCB_NONE || !answered) {
      const auto at = TRY(ask<xcb_query_pointer_reply_t>(xcb_query_pointer(x_.get(), x_.root())));
      picture.move_pointer(at->root_x - hot_x_, at->root_y - hot_y_);
    }
    pointer_moved_ = false;
    return {};
  }

  Result<void> fetch_pointer_shape(StandingPicture& picture) {
    const auto image = TRY(ask<xcb_xfixes_get_cursor_image_reply_t>(xcb_xfixes_get_cursor_image(x_.get())));
    const std::uint32_t* argb = xcb_xfixes_get_cursor_image_cursor_image(image.get());
    Pointer pointer{{image->x - image->xhot, image->y - image->yhot, image->width, image->height}, {}};
    pointer.pixels.resize(static_cast<std::size_t>(image->width) * image->height * 4);
    std::memcpy(pointer.pixels.data(), argb, pointer.pixels.size());  // little-endian ARGB words are BGRA bytes
    hot_x_ = image->xhot;
    hot_y_ = image->yhot;
    picture.set_pointer(std::move(pointer));
    pointer_changed_ = false;
    return {};
  }

  XDisplay x_;
  const Clock& clock_;
  const Stop& stop_;
  int width_, height_;          // of the source
  int width_now_, height_now_;  // of the screen
  std::optional<XMonitors> monitors_;
  std::unique_ptr<XSharedMemory> memory_;
  std::vector<Rect> rects_;  // being fetched; kept, like the next, so that a frame costs no allocation here
  std::vector<xcb_shm_get_image_cookie_t> cookies_;
  xcb_damage_damage_t damage_ = XCB_NONE;
  xcb_xfixes_region_t region_ = XCB_NONE;
  int damage_event_ = 0, fixes_event_ = 0, input_opcode_ = 0;
  int hot_x_ = 0, hot_y_ = 0;
  bool has_fixes_ = false, first_ = true, damaged_ = true, pointer_moved_ = true, pointer_changed_ = true;
};

}  // namespace

Result<std::unique_ptr<XGrabber>> XGrabber::open(XDisplay display, const Clock& clock, const Stop& stop,
                                                 const GrabberOptions& options) {
  auto grabber = std::make_unique<Grabber>(std::move(display), clock, stop);
  TRY(grabber->start(options));
  return std::unique_ptr<XGrabber>(std::move(grabber));
}

}  // namespace netsampler::capture
