#include "capture/camera/camera_still.h"

#include <cstdlib>

namespace netsampler::capture {
namespace {

Bytes samples_of(const ImageView& luma) {
  Bytes samples;
  for (int y = StillWatch::kGrid / 2; y < luma.height; y += StillWatch::kGrid) {
    const std::uint8_t* row = luma.data + static_cast<std::ptrdiff_t>(y) * luma.stride_bytes;
    for (int x = StillWatch::kGrid / 2; x < luma.width; x += StillWatch::kGrid) samples.push_back(row[x]);
  }
  return samples;
}

}  // namespace

bool StillWatch::same(const Bytes& samples) const {
  if (samples.size() != samples_.size()) return false;
  std::size_t others = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) others += std::abs(int{samples[i]} - int{samples_[i]}) > kSame ? 1 : 0;
  return others * 1000 <= samples.size();
}

std::optional<Note> StillWatch::look(const ImageView& luma, std::int64_t at_us, const std::string& source) {
  Bytes samples = samples_of(luma);
  if (same(samples)) {
    to_us_ = at_us;
    ++looks_;
    return std::nullopt;
  }
  auto over = finish();
  samples_ = std::move(samples);
  from_us_ = to_us_ = at_us;
  looks_ = 1;
  source_ = source;
  return over;
}

std::optional<Note> StillWatch::finish() {
  if (samples_.empty() || to_us_ - from_us_ < kStill_us) return std::nullopt;
  const Json body{{"code", "camera-still"}, {"severity", "note"}, {"source", source_}, {"from_us", from_us_}, {"to_us", to_us_}};
  samples_.clear();
  return Note{"finding", body, Json::object()};
}

}  // namespace netsampler::capture
