#include "capture/display/x_monitors.h"

#include <xcb/randr.h>

namespace netsampler::capture {
namespace {

constexpr std::size_t kMonitorLimit = 64;

}  // namespace

Result<XMonitors> XMonitors::watch(const XDisplay& display, const std::atomic<bool>& stop) {
  XMonitors monitors(display, stop);
  if (!display.has_extension(xcb_randr_id)) return monitors;
  const auto version = TRY(display.reply<xcb_randr_query_version_reply_t>(xcb_randr_query_version(display.get(), 1, 5).sequence, &stop));
  if (version->major_version == 1 && version->minor_version < 5) return monitors;
  monitors.first_event_ = xcb_get_extension_data(display.get(), &xcb_randr_id)->first_event;
  xcb_randr_select_input(display.get(), display.root(), XCB_RANDR_NOTIFY_MASK_SCREEN_CHANGE | XCB_RANDR_NOTIFY_MASK_CRTC_CHANGE | XCB_RANDR_NOTIFY_MASK_OUTPUT_CHANGE);
  monitors.stale_ = true;
  TRY(monitors.refresh());
  return monitors;
}

void XMonitors::take_event(const xcb_generic_event_t& event) {
  const int type = event.response_type & 0x7f;
  const bool randr = type == first_event_ + XCB_RANDR_SCREEN_CHANGE_NOTIFY || type == first_event_ + XCB_RANDR_NOTIFY;
  stale_ = first_event_ != 0 && (stale_ || randr || type == XCB_CONFIGURE_NOTIFY);
}

Result<void> XMonitors::refresh() {
  if (!stale_) return {};
  const auto cookie = xcb_randr_get_monitors(display_->get(), display_->root(), 1);
  const auto reply = TRY(display_->reply<xcb_randr_get_monitors_reply_t>(cookie.sequence, stop_));
  list_.clear();
  for (auto each = xcb_randr_get_monitors_monitors_iterator(reply.get()); each.rem > 0 && list_.size() < kMonitorLimit; xcb_randr_monitor_info_next(&each))
    list_.push_back({each.data->x, each.data->y, each.data->width, each.data->height});
  stale_ = false;
  return {};
}

}  // namespace netsampler::capture
