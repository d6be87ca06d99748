#include "evidence/format/frame_time.h"

#include <algorithm>

namespace netsampler {
namespace {

constexpr std::int64_t kMost = (std::int64_t{1} << 53) - 1;  // as in records

}  // namespace

FrameTimeBytes print_frame_time(const FrameTime& time) {
  FrameTimeBytes bytes{};
  auto to = std::copy(kFrameTimeId.begin(), kFrameTimeId.end(), bytes.begin());
  for (const std::int64_t value : {time.number, time.boot_us, time.utc_us, time.utc_error_us})
    for (int shift = 56; shift >= 0; shift -= 8) *to++ = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> shift);
  return bytes;
}

std::optional<FrameTime> parse_frame_time(ByteView message) {
  if (message.size() != kFrameTimeBytes || !std::equal(kFrameTimeId.begin(), kFrameTimeId.end(), message.begin())) return std::nullopt;
  FrameTime time;
  std::size_t at = kFrameTimeId.size();
  for (std::int64_t* value : {&time.number, &time.boot_us, &time.utc_us, &time.utc_error_us}) {
    std::uint64_t read = 0;
    for (int i = 0; i < 8; ++i) read = read << 8 | message[at++];
    if (read > static_cast<std::uint64_t>(kMost)) return std::nullopt;
    *value = static_cast<std::int64_t>(read);
  }
  return time;
}

}  // namespace netsampler
