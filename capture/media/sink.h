// Where segments go. Two of them: the ledger, behind a courier (courier_sink.h, the product), a directory (stand-alone and tests). Called by the write thread
// alone. The first failure is final: nothing is handed over after it.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "capture/media/segment.h"
#include "capture/media/utc_map.h"
#include "evidence/base/file_system.h"

namespace netsampler::capture {

class SegmentSink {
 public:
  virtual ~SegmentSink() = default;
  // Before a source's first segment. Another source may begin when the one before has handed over its last segment.
  virtual Result<void> start(const SourceInfo& source, ByteView init) = 0;
  virtual Result<void> segment(const Segment& segment) = 0;
  virtual Result<void> note(const Note& note) = 0;
  // Bound of the box's clock's error now: as the ledger stamped this source's newest record, or as the kernel has it.
  virtual std::int64_t utc_error_us() const { return kernel_utc_error_us(); }
  virtual Result<void> health() { return {}; }  // what has gone wrong since it was last called, where it works behind its caller's back
  virtual Result<void> finish() { return {}; }  // last: all that was taken is where it belongs
};

// Prints one event of a program's standard output, e.g. {"event":"sealed","no":3,"source":"screen"}.
using EventPrinter = std::function<void(const Json&)>;

// DIR/init.mp4, DIR/000000.m4s …, each written whole, synced, then named; notes as lines of DIR/notes.jsonl. A further source: DIR/<its name>/….
// A directory that already holds a recording is `invalid`. `disk` must outlive the sink.
Result<std::unique_ptr<SegmentSink>> open_directory_sink(FileSystem& disk, const std::string& directory);

// "media/screen/000007.m4s" in a recording.
std::string segment_path(const std::string& source, std::int64_t no);

}  // namespace netsampler::capture
