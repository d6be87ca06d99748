// A sink that keeps what it was given, and can be told to fail from the n-th segment on.
#pragma once
#include <vector>

#include "capture/media/sink.h"

namespace netsampler::capture {

class CollectingSink final : public SegmentSink {
 public:
  Bytes init;
  std::vector<SourceInfo> sources;
  std::vector<std::string> owners;  // of each segment: its source
  std::vector<Segment> segments;
  std::vector<Note> notes;
  std::size_t fail_at = 1'000'000;

  Result<void> start(const SourceInfo& source, ByteView bytes) override {
    sources.push_back(source);
    init.assign(bytes.begin(), bytes.end());
    return {};
  }
  Result<void> segment(const Segment& segment) override {
    if (segments.size() >= fail_at) return fail(ErrorKind::full, "no room");
    segments.push_back(segment);
    owners.push_back(sources.back().name);
    return {};
  }
  Result<void> note(const Note& note) override {
    notes.push_back(note);
    return {};
  }
};

}  // namespace netsampler::capture
