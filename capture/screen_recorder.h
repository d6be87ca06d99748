// A recording of one X display: strip, grab, encode and write, each on its thread, until stop is asked for, the time is over,
// or one of them fails. Whatever was grabbed by then is encoded, sealed and handed over before it returns.
#pragma once
#include <functional>
#include <string>

#include "capture/sink.h"
#include "capture/strip.h"
#include "capture/x_grabber.h"

namespace netsampler::capture {

struct ScreenSettings {
  std::string display;
  int frames_per_second = 30;
  double seconds = 0;  // 0: until stopped
  bool strip = true;
  StripSettings strip_text;
};

struct Summary {
  std::int64_t frames_encoded = 0, frames_dropped = 0, bytes = 0, segments = 0;
  double wall_seconds = 0, cpu_seconds = 0;
};
Json json_of(const Summary& summary);

class ScreenRecorder {
 public:
  // Takes the display (`busy` where it is being recorded). Nothing has been handed to a sink yet.
  static Result<std::unique_ptr<ScreenRecorder>> open(const ScreenSettings& settings, const Clock& clock);
  virtual ~ScreenRecorder() = default;
  virtual std::string notice() const = 0;  // fall-backs in use
  // `signals`: readable when the program is to end (stop_signals). Prints {"event":"ready"} with the first frame.
  // The summary is filled in any case; the error is the first of any thread.
  virtual Result<void> run(SegmentSink& sink, const Fd& signals, const EventPrinter& print, Summary& summary) = 0;
};

}  // namespace netsampler::capture
