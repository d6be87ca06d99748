// A recording of one X display: strip, grab, encode and write, each on its thread, until stop is asked for, the time is over,
// or one of them fails. Whatever was grabbed by then is encoded, sealed and handed over before it returns.
#pragma once
#include <string>

#include "capture/media/run.h"
#include "capture/media/sink.h"
#include "capture/strip/strip.h"
#include "capture/display/x_grabber.h"

namespace netsampler::capture {

struct ScreenSettings {
  std::string display;
  int frames_per_second = 30;
  double seconds = 0;  // 0: until stopped
  bool strip = true;
  StripSettings strip_text;
};

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
