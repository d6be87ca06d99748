// Where a recording of the command line goes (ledger or directory) and how its program reports: the same for screen and camera.
#pragma once
#include "capture/media/courier_sink.h"
#include "capture/media/run.h"
#include "capture/media/sink.h"

namespace netsampler::capture {

struct Target {
  std::string out;                // directory, stand-alone
  std::string ledger, recording;  // socket and id: events are then always printed
  bool json = false;
  double patience_s = 300;        // a ledger that is gone for so long ends the recording
};

// `usage` unless exactly one of directory (with seconds) and ledger (with recording) is given.
Result<void> check_target(const Target& target, double seconds);
bool prints_events(const Target& target);
EventPrinter printer_of(const Target& target);
// `disk`, `clock` outlive the sink. `backlog` learns what waits for the ledger.
Result<std::unique_ptr<SegmentSink>> open_sink(const Target& target, FileSystem& disk, const Clock& clock, const EventPrinter& printer,
                                               const std::shared_ptr<Backlog>& backlog);
// The last line of stdout: the summary as JSON, or in words.
void tell_summary(const Target& target, const Summary& summary);

}  // namespace netsampler::capture
