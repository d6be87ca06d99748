// When was a camera's picture taken? The stream's own times are even but of unknown origin; arrivals are on our clock but uneven.
// So: the stream's time plus an offset, which is the smallest (arrival − stream time) of the last 10 to 20 seconds, so that clocks that
// drift apart are followed. Never later than the arrival (but for pictures that came at once: they stand 0.1 ms apart), never more than
// half a second before it, always growing. A stream whose times run at another speed than ours by more than a quarter is not believed:
// then arrivals are all there is.
#pragma once
#include <cstdint>
#include <optional>

namespace netsampler::capture {

struct PlacedTime {
  std::int64_t at_us = 0;    // BOOTTIME
  std::int64_t late_us = 0;  // how much longer than the quickest it was on its way: jitter
};

class CameraTime {
 public:
  static constexpr std::int64_t kBehind_us = 500'000;    // more delay than this is no network jitter: the stream's clock has moved
  static constexpr std::int64_t kStep_us = 100;          // between pictures that would otherwise coincide
  static constexpr std::int64_t kBucket_us = 10'000'000;
  static constexpr std::int64_t kTrial_us = 3'000'000;   // over which the speeds are compared
  static constexpr int kMovesLimit = 3;                  // within two buckets; then the stream's times are not believed

  PlacedTime place(std::int64_t arrived_us, std::optional<std::int64_t> pts_us);
  void forget_stream();  // after a reconnect: the next stream has another origin
  bool believed() const { return believed_; }

 private:
  std::int64_t offset(std::int64_t arrived_us, std::int64_t pts_us);
  void compare_speeds(std::int64_t arrived_us, std::int64_t pts_us);
  void begin(std::int64_t arrived_us, std::int64_t pts_us);

  std::optional<std::int64_t> newest_us_, older_us_;  // smallest offsets of this bucket and of the one before
  std::int64_t bucket_us_ = 0;                        // arrival with which this bucket began
  std::int64_t trial_arrived_us_ = 0, trial_pts_us_ = 0;
  std::int64_t moves_us_ = 0;
  int moves_ = 0;
  bool believed_ = true;
  std::int64_t last_us_ = 0;
};

}  // namespace netsampler::capture
