// The newest sealed picture of a source, small: netsampler-pictures decodes it in a child from the files that the chain names, never from
// the screen. Kept by the segment it shows, at most kKept sources; one child for a source and kRunsAtOnce in all; a source rests three times
// as long as its last picture took of a core, so that looking at it costs at most a quarter of one. Any thread; ask() waits for a child it started.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "evidence/base/clock.h"
#include "evidence/base/queue.h"
#include "evidence/ledger/index_reader.h"

namespace netsampler {

struct ThumbnailWanted {
  std::string recording, source, init_sha256;
  std::vector<SegmentRow> group;  // from one with a key picture to the newest sealed one
};

struct ThumbnailPicture {
  std::int64_t no = 0;                                       // of the segment whose last picture it is
  std::int64_t boot_us = 0, utc_us = 0, utc_error_us = 0;    // the picture's own words; utc_us 0 where it says none
  std::int64_t cpu_us = 0;                                   // what it took
  std::string jpeg;
};

// A picture, an error, or neither: one is being made.
struct ThumbnailState {
  std::shared_ptr<const ThumbnailPicture> picture;  // perhaps of an older segment than the one asked for
  std::string error;                                // why the newest segment gives none
};

class Thumbnails {
 public:
  static constexpr int kWidth = 480, kTimeLimitMs = 20'000;
  static constexpr std::int64_t kRests = 3;
  static constexpr std::size_t kRunsAtOnce = 2, kKept = 32, kAnswerLimit = 1u << 20;

  Thumbnails(std::string program, std::string data, const Clock& clock) : program_(std::move(program)), data_(std::move(data)), clock_(clock) {}
  ThumbnailState ask(const ThumbnailWanted& wanted);

 private:
  struct Entry {
    bool making = false;
    std::int64_t no = -1;  // the segment that `state` stands for
    std::int64_t asked_boot_us = 0, rests_until_boot_us = 0;
    ThumbnailState state;
  };
  using Entries = std::map<std::string, Entry>;
  bool reserve(const std::string& key, std::int64_t no);
  Result<ThumbnailPicture> make(const ThumbnailWanted& wanted) const;
  static void make_room(Entries& entries);

  const std::string program_, data_;
  const Clock& clock_;
  Guarded<Entries> entries_;
};

// The newest segments from the last one with a key picture on; empty where that lies further back than a group may be long
// (kGroupSegments, kGroupUs), or is missing.
inline constexpr std::int64_t kGroupSegments = 64, kGroupUs = 12'000'000;
std::vector<SegmentRow> newest_group(const std::vector<SegmentRow>& newest);

}  // namespace netsampler
