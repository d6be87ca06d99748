// One block of transform levels as CAVLC bits (ITU-T H.264, 9.2).
#pragma once
#include <span>

#include "capture/media/h264_bits.h"

namespace netsampler::capture {

inline constexpr int kChromaDcContext = -1;
inline constexpr int kMostLevel = 2000;  // of a level's magnitude; greater ones need prefixes that Baseline does not have

// `levels`: in zigzag order, all of them: 16, 15 (without DC) or 4 (chroma DC). `context`: nC, or kChromaDcContext. Returns how many are not 0.
int put_levels(BitWriter& bits, std::span<const std::int16_t> levels, int context);

}  // namespace netsampler::capture
