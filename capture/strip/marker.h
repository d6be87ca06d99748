// The strip's machine-readable mark: eight cells side by side at its left end, which say "the strip is here, uncovered".
// The strip is kStripHeight pixels high at the top of the screen; cell i spans x = 10·i … 10·i + 9 over its whole height, in the
// pure colours red, white, green, black, blue, yellow, magenta, cyan (RGB components 0 or 255). A cell counts when its middle
// and four points around it have exactly that colour in the grabbed pixels; all eight must count.
#pragma once
#include <array>
#include <cstdint>

#include "capture/media/standing_picture.h"
#include "evidence/format/strip_code.h"

namespace netsampler::capture {

inline constexpr int kStripHeight = kStripRows;  // 36 pixels
inline constexpr int kMarkerCellWidth = 10;
inline constexpr std::array<std::uint32_t, 8> kMarkerColours = {0xff0000, 0xffffff, 0x00ff00, 0x000000,
                                                                0x0000ff, 0xffff00, 0xff00ff, 0x00ffff};  // 0xRRGGBB
inline constexpr int kMarkerWidth = kMarkerCellWidth * static_cast<int>(kMarkerColours.size());

bool marker_present(const StandingPicture& picture);

}  // namespace netsampler::capture
