#include "capture/camera/camera_time.h"

#include <algorithm>

namespace netsampler::capture {

PlacedTime CameraTime::place(std::int64_t arrived_us, std::optional<std::int64_t> pts_us) {
  PlacedTime placed{arrived_us, 0};
  if (pts_us && believed_) {
    placed.at_us = *pts_us + offset(arrived_us, *pts_us);
    placed.late_us = arrived_us - placed.at_us;
  }
  last_us_ = placed.at_us = std::max(placed.at_us, last_us_ + kStep_us);
  return placed;
}

void CameraTime::forget_stream() {
  newest_us_.reset();
  older_us_.reset();
  moves_ = 0;
  believed_ = true;
}

std::int64_t CameraTime::offset(std::int64_t arrived_us, std::int64_t pts_us) {
  const std::int64_t own_us = arrived_us - pts_us;
  if (!newest_us_) begin(arrived_us, pts_us);
  const std::int64_t least_us = std::min({own_us, *newest_us_, older_us_.value_or(own_us)});
  if (own_us - least_us > kBehind_us) {
    if (arrived_us - moves_us_ > 2 * kBucket_us) moves_ = 0;
    if (moves_++ == 0) moves_us_ = arrived_us;
    if (moves_ >= kMovesLimit) believed_ = false;
    begin(arrived_us, pts_us);
    return own_us;
  }
  compare_speeds(arrived_us, pts_us);
  if (arrived_us - bucket_us_ > kBucket_us) {
    older_us_ = newest_us_;
    newest_us_ = own_us;
    bucket_us_ = arrived_us;
  }
  newest_us_ = std::min(*newest_us_, own_us);
  return least_us;
}

void CameraTime::compare_speeds(std::int64_t arrived_us, std::int64_t pts_us) {
  const std::int64_t ours_us = arrived_us - trial_arrived_us_, theirs_us = pts_us - trial_pts_us_;
  if (ours_us < kTrial_us) return;
  if (theirs_us > ours_us + ours_us / 4 || theirs_us < ours_us - ours_us / 4) believed_ = false;
  trial_arrived_us_ = arrived_us;
  trial_pts_us_ = pts_us;
}

void CameraTime::begin(std::int64_t arrived_us, std::int64_t pts_us) {
  newest_us_ = arrived_us - pts_us;
  older_us_.reset();
  bucket_us_ = trial_arrived_us_ = arrived_us;
  trial_pts_us_ = pts_us;
}

}  // namespace netsampler::capture
