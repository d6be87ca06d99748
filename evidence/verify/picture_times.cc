#include "evidence/verify/picture_times.h"

#include <algorithm>
#include <cstdlib>

namespace netsampler::verify {
namespace {

constexpr std::size_t kMostHeld = 100'000;
constexpr std::int64_t kReadingUs = 100'000;  // the box's two clocks are read one after the other, on a box that is busy

// 90 kHz, rounded down, as the recorder does; nothing for times that no recording has.
std::optional<std::int64_t> ticks_of(std::int64_t us) {
  constexpr std::int64_t kMostUs = std::int64_t{1} << 53;
  if (us < 0 || us > kMostUs) return std::nullopt;
  return us * 9 / 100;
}

std::string named(const PictureTime& picture) { return "picture " + std::to_string(picture.said.number); }

}  // namespace

void PictureTimes::take(const PictureLine& line) {
  if (line.no != held_no_) held_.clear();
  held_no_ = line.no;
  if (held_.size() + line.times.size() <= kMostHeld) held_.insert(held_.end(), line.times.begin(), line.times.end());
}

std::string PictureTimes::judge(std::int64_t no, std::int64_t frames, const SegmentClaim& claim) {
  if (no != held_no_) held_.clear();
  held_no_ = -1;
  if (frames == 0) return "";  // nothing was decoded, and that was said
  const auto said = static_cast<std::int64_t>(held_.size());
  if (said != frames) return std::to_string(frames - said) + " of " + std::to_string(frames) + " pictures do not say their time";
  const std::string text = numbers(claim);
  return text.empty() ? clocks(claim) : text;
}

// Dense but for what was dropped, and as many as the records count.
std::string PictureTimes::numbers(const SegmentClaim& claim) {
  for (std::size_t i = 1; i < held_.size(); ++i)
    if (held_[i].said.number <= held_[i - 1].said.number) return named(held_[i]) + " behind " + named(held_[i - 1]);
  const std::int64_t first = held_.front().said.number, next = held_.back().said.number + 1;
  if (claim.counted >= PictureClaims::kMostCounted) return "";
  if (!first_number_) first_number_ = resumes_ ? std::max<std::int64_t>(next - claim.counted, 0) : 0;
  const std::int64_t expected = *first_number_ + claim.counted;
  if (next != expected) {
    first_number_ = next - claim.counted;  // told once
    return named(held_.back()) + ", by the chain's counts " + std::to_string(expected - 1);
  }
  const bool hole = first < expected - claim.frames - claim.dropped;
  return hole ? named(held_.front()) + " belongs to an earlier segment" : "";
}

std::string PictureTimes::clocks(const SegmentClaim& claim) const {
  for (const PictureTime& picture : held_) {
    const auto ticks = ticks_of(picture.said.boot_us - source_.start_us);
    if (!ticks || std::abs(*ticks - picture.pts) > 1) return named(picture) + " stands at another time than its own";
  }
  if (held_.front().said.boot_us != claim.first_us || held_.back().said.boot_us != claim.last_us)
    return "the record's first_us or last_us is not its picture's";
  if (resumes_ && claim.late) return "";  // its clock was that of the chain before
  for (const PictureTime& picture : held_) {
    const std::int64_t offset_us = picture.said.utc_us - picture.said.boot_us, slack_us = claim.err_us + kReadingUs;
    if (offset_us < claim.least_offset_us - slack_us || offset_us > claim.most_offset_us + slack_us)
      return named(picture) + " says another UTC than the chain";
    if (picture.said.utc_error_us < claim.least_err_us) return named(picture) + " says a smaller error of UTC than the chain";
  }
  return "";
}

}  // namespace netsampler::verify
