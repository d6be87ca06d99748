// A recording of one camera: read, keep or decode, encode, look, write, each on its thread, until stop is asked for, the time is over, a
// file is over, or one of them fails. Whatever was read by then is sealed and handed over before it returns.
#pragma once
#include <string>

#include "capture/media/run.h"
#include "capture/media/sink.h"

namespace netsampler::capture {

struct CameraSettings {
  std::string address;            // rtsp://…, http://… (MJPEG), v4l2:///dev/videoN, or a file
  double seconds = 0;             // 0: until stopped
  std::string transport = "tcp";  // of RTSP: tcp, udp, auto
  std::string source = "camera";  // its name in the recording: a second camera needs one of its own
};

class CameraRecorder {
 public:
  // Connects and waits for the first picture (at most about 20 s). Nothing has been handed to a sink yet.
  static Result<std::unique_ptr<CameraRecorder>> open(const CameraSettings& settings, const Fd& signals, const Clock& clock);
  virtual ~CameraRecorder() = default;
  virtual int width() const = 0;  // of the first picture
  virtual int height() const = 0;
  // `signals`: readable when the program is to end (stop_signals). Prints {"event":"ready"} when it begins.
  // The summary is filled in any case; the error is the first of any thread.
  virtual Result<void> run(SegmentSink& sink, const Fd& signals, const EventPrinter& print, Summary& summary) = 0;
};

}  // namespace netsampler::capture
