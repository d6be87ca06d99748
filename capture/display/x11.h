// XCB's headers for this folder, and a connection whose every wait has a bound: a hung X server must not hang the recorder.
// A connection belongs to one thread.
#pragma once
#include <xcb/damage.h>
#include <xcb/shm.h>
#include <xcb/xcb.h>
#include <xcb/xfixes.h>
#include <xcb/xinput.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "evidence/base/result.h"

namespace netsampler::capture {

struct FreeMalloc {
  void operator()(void* memory) const { std::free(memory); }
};
template <class T>
using XReply = std::unique_ptr<T, FreeMalloc>;

// The recorder's mark that a display is taken: at most one owner, freed by the X server when we die.
inline constexpr const char* kRecorderSelection = "_NETSAMPLER_RECORDER";

class XDisplay {
 public:
  // `unavailable` where there is no such display. Only true-colour screens with 32-bit little-endian pixels (BGRX).
  static Result<XDisplay> open(const std::string& name);
  XDisplay(XDisplay&& other) noexcept;
  XDisplay& operator=(XDisplay&&) = delete;
  ~XDisplay();

  xcb_connection_t* get() const { return connection_; }
  xcb_window_t root() const { return screen_->root; }
  const xcb_screen_t& screen() const { return *screen_; }
  int width() const { return screen_->width_in_pixels; }   // at the time of opening
  int height() const { return screen_->height_in_pixels; }

  // The reply of a request, as xcb's *_reply, but: `unavailable` when the connection is lost, when `stop` (may be null) turns
  // true while waiting, or after kReplyLimitMs; null inside an ok result never happens.
  template <class T>
  Result<XReply<T>> reply(unsigned int sequence, const std::atomic<bool>* stop = nullptr) const {
    void* raw = TRY(await(sequence, stop));
    return XReply<T>(static_cast<T*>(raw));
  }
  Result<xcb_atom_t> atom(const std::string& name) const;
  bool has_extension(xcb_extension_t& extension) const;
  Result<void> alive() const;  // `unavailable` once the connection is lost

  static constexpr int kReplyLimitMs = 30'000;

 private:
  XDisplay(xcb_connection_t* connection, std::string name, const xcb_screen_t* screen)
      : connection_(connection), name_(std::move(name)), screen_(screen) {}
  Result<void*> await(unsigned int sequence, const std::atomic<bool>* stop) const;

  xcb_connection_t* connection_;
  std::string name_;
  const xcb_screen_t* screen_;
};

// Takes the selection for this connection; `busy` where another recorder has it.
Result<void> take_display(const XDisplay& display);
// `busy` where a recorder has it, else nothing.
Result<void> check_display_free(const XDisplay& display);

}  // namespace netsampler::capture
