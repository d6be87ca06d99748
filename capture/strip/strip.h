// The strip and, at the start of a recording, the preparation page (39(一)): a thread of its own with its own connections to
// the display and to the ledger. Redraws once a second; comes back on top when it was covered, at once and at every redraw.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "capture/strip/box_state.h"
#include "capture/media/courier_sink.h"
#include "capture/media/segment.h"
#include "capture/media/stop.h"
#include "capture/strip/strip_windows.h"
#include "evidence/base/clock.h"

namespace netsampler::capture {

struct StripSettings {
  std::string ledger_socket;  // empty: stand-alone
  std::string recording, case_id, samplers;
  std::int64_t preparation_us = 0;  // how long the preparation page is shown; 0: not at all
  std::shared_ptr<Backlog> backlog = std::make_shared<Backlog>();  // what the sink has no receipt for
};

class Strip {
 public:
  // Painted and on the screen when this returns. `clock` and `stop` outlive it.
  static Result<std::unique_ptr<Strip>> open(XDisplay display, const StripSettings& settings, const Clock& clock, const Stop& stop);

  // The loop, until stop is asked for. `note` takes the chapter 39-1 when its page is gone, or at the end. An error is the display's.
  Result<void> run(const std::function<void(Note)>& note);
  // From any thread: frames are being recorded, so the preparation may be shown.
  void recording_began() { began_.store(true); }
  // From any thread: a segment lies where it belongs. Only without a ledger; with one, its own word counts.
  void segment_sealed() { sealed_.store(true); }

  void abandon() { windows_->abandon(); }  // from any thread, once stop is asked for: run() returns soon, whatever the display does

 private:
  Strip(std::unique_ptr<StripWindows> windows, StripSettings settings, const Clock& clock, const Stop& stop);
  Result<void> redraw();
  Result<void> turn(const std::function<void(Note)>& note);
  Result<void> step_preparation(const std::function<void(Note)>& note);
  Result<void> show_preparation();
  void end_preparation(const std::function<void(Note)>& note);
  Result<void> wait_until(std::int64_t boot_us);
  StripText text() const;

  std::unique_ptr<StripWindows> windows_;
  StripSettings settings_;
  const Clock& clock_;
  const Stop& stop_;
  BoxStatus status_;
  BoxState box_;
  std::string software_sha256_;
  std::atomic<bool> began_ = false, sealed_ = false;
  std::optional<std::int64_t> preparing_from_us_;
  bool prepared_ = false;
};

// A recording that ended by itself must not end silently: the strip in red with the reason, for a few seconds or until a signal.
// Best effort, with its own connection: the display may be what failed.
void show_ended(const std::string& display, const StripSettings& settings, const Error& why, const Fd& signals, const Clock& clock);

// SHA-256 of the running program, hex.
Result<std::string> software_sha256();

}  // namespace netsampler::capture
