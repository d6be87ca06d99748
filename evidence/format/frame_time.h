// What each picture of a recorder's own carries in its own bytes: a message "user data unregistered" (H.264 and HEVC, SEI payload type 5),
// written when the picture goes into its segment. The picture names its place in the recording even where nothing but the video is left.
// Who changes it changes the segment's hash; who could seal that with the true keys must still make it agree with the chain.
#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "evidence/base/bytes.h"

namespace netsampler {

// 16 bytes id · 8 each, big-endian: number, BOOTTIME, UTC, bound of UTC's error.
inline constexpr std::size_t kFrameTimeBytes = 48;
inline constexpr std::array<std::uint8_t, 16> kFrameTimeId{0x97, 0xf3, 0xa7, 0x48, 0x35, 0x33, 0x4a, 0x1d,
                                                           0xb1, 0x42, 0x2c, 0x0d, 0x6b, 0x11, 0x83, 0x69};
// `frame_times` of a record `source` whose pictures all carry it.
inline constexpr const char* kFrameTimesWord = "sei";

struct FrameTime {
  std::int64_t number = 0;        // of all pictures of this recorder and source from 0, those lost at its drop point counted
  std::int64_t boot_us = 0;       // CLOCK_BOOTTIME of the picture
  std::int64_t utc_us = 0;        // the same moment by the box's clock
  std::int64_t utc_error_us = 0;  // bound of that clock's error
  bool operator==(const FrameTime&) const = default;
};
using FrameTimeBytes = std::array<std::uint8_t, kFrameTimeBytes>;

FrameTimeBytes print_frame_time(const FrameTime& time);
// Nothing where the id is another's, the length another, or a number beyond 2^53 − 1.
std::optional<FrameTime> parse_frame_time(ByteView message);

}  // namespace netsampler
