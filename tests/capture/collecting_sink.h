// A sink that keeps what it was given, and can be told to fail from the n-th segment on.
#pragma once
#include <vector>

#include "capture/media/sink.h"

namespace netsampler::capture {

class CollectingSink final : public SegmentSink {
 public:
  Bytes init;
  std::vector<Segment> segments;
  std::vector<Note> notes;
  std::size_t fail_at = 1'000'000;

  Result<void> start(const SourceInfo&, ByteView bytes) override {
    init.assign(bytes.begin(), bytes.end());
    return {};
  }
  Result<void> segment(const Segment& segment) override {
    if (segments.size() >= fail_at) return fail(ErrorKind::full, "no room");
    segments.push_back(segment);
    return {};
  }
  Result<void> note(const Note& note) override {
    notes.push_back(note);
    return {};
  }
};

}  // namespace netsampler::capture
