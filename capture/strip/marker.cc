#include "capture/strip/marker.h"

namespace netsampler::capture {
namespace {

bool has_colour(const StandingPicture& picture, int x, int y, std::uint32_t rgb) {
  const std::uint8_t* bgrx = picture.pixel(x, y);
  return bgrx[0] == (rgb & 0xff) && bgrx[1] == (rgb >> 8 & 0xff) && bgrx[2] == rgb >> 16;
}

bool cell_counts(const StandingPicture& picture, int left, std::uint32_t rgb) {
  constexpr int kPoints[5][2] = {{5, 18}, {2, 4}, {7, 4}, {2, 31}, {7, 31}};
  for (const auto& point : kPoints)
    if (!has_colour(picture, left + point[0], point[1], rgb)) return false;
  return true;
}

}  // namespace

bool marker_present(const StandingPicture& picture) {
  if (picture.width() < kMarkerWidth || picture.height() < kStripHeight) return false;
  for (std::size_t i = 0; i < kMarkerColours.size(); ++i)
    if (!cell_counts(picture, static_cast<int>(i) * kMarkerCellWidth, kMarkerColours[i])) return false;
  return true;
}

}  // namespace netsampler::capture
