// A sheet of paper in a photograph: found by its edges or its brightness, its perspective undone. Pure; about 50 ms for ten million pixels.
#pragma once
#include <array>
#include <optional>

#include "evidence/vision/codes.h"
#include "evidence/vision/still.h"

namespace netsampler {

using Corners = std::array<Point, 4>;  // top left, top right, bottom right, bottom left as they lie in the picture

// The largest four-cornered thing that covers a quarter to 97 % of the picture; empty where there is none. `image` has colours (bgr).
Result<std::optional<Corners>> find_sheet(const ImageView& image);
// What lies between the corners, and a little beyond, as a rectangle whose longer side has `long_side` pixels.
Result<Picture> flattened(const ImageView& image, const Corners& corners, int long_side);
// The whole picture, scaled to that longer side.
Result<Picture> scaled_to(const ImageView& image, int long_side);

}  // namespace netsampler
