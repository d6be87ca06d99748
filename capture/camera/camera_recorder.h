// A recording of one camera: read, encode, write and the search for the waybill, each on its thread, until stop is asked for, the
// time is over, a file is over, or one of them fails. Whatever was read by then is encoded, sealed and handed over before it returns.
#pragma once
#include <string>

#include "capture/media/run.h"
#include "capture/media/sink.h"

namespace netsampler::capture {

struct CameraSettings {
  std::string address;  // rtsp://…, v4l2:///dev/videoN, or a file
  double seconds = 0;   // 0: until stopped
};

class CameraRecorder {
 public:
  // Connects and waits for the first picture (at most about 13 s). Nothing has been handed to a sink yet.
  static Result<std::unique_ptr<CameraRecorder>> open(const CameraSettings& settings, const Fd& signals, const Clock& clock);
  virtual ~CameraRecorder() = default;
  virtual int width() const = 0;
  virtual int height() const = 0;
  // `signals`: readable when the program is to end (stop_signals). Prints {"event":"ready"} when it begins.
  // The summary is filled in any case; the error is the first of any thread.
  virtual Result<void> run(SegmentSink& sink, const Fd& signals, const EventPrinter& print, Summary& summary) = 0;
};

}  // namespace netsampler::capture
