// Turns what the recorder sees of the strip once a second into findings: one `finding` (strip-absent, partial) for each
// stretch of absence, written when the strip is back or the recording ends.
#pragma once
#include <optional>
#include <string>

#include "capture/media/segment.h"

namespace netsampler::capture {

class StripWatch {
 public:
  static constexpr std::int64_t kPeriodUs = 1'000'000;
  explicit StripWatch(std::string source) : source_(std::move(source)) {}
  bool due(std::int64_t now_us) const { return now_us - last_us_ >= kPeriodUs; }
  // A finding when an absence has ended. from_us: the first look that missed it.
  std::optional<Note> look(bool present, std::int64_t now_us);
  std::optional<Note> finish(std::int64_t now_us);

 private:
  std::string source_;
  std::int64_t last_us_ = 0;
  std::optional<std::int64_t> absent_from_us_;
  std::int64_t looks_ = 0;
};

}  // namespace netsampler::capture
