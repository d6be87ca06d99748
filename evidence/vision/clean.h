// Pictures of printed paper made ready for reading: light evened out, seals and watermarks weakened, lines laid level.
// Pure: same bytes, same answer. Each takes 10 to 100 ms for two million pixels.
#pragma once
#include "evidence/vision/still.h"

namespace netsampler {

// even: the paper's own brightness divided out · no_red: the same with red ink (seals) taken for paper ·
// strict: no_red with all that is not nearly as dark as the darkest ink around taken for paper (watermarks, ground patterns).
enum class Cleaning { even, no_red, strict };

// A gray picture of the same size, dark ink on white. `image` has colours (bgr).
Result<Picture> cleaned(const ImageView& image, Cleaning cleaning);

// The angle in degrees (−10 … 10, steps of 0.25) by which the picture is to be turned counter-clockwise for its lines of text to lie
// level; 0 where no angle stands out. `gray` is dark ink on white.
Result<double> skew_degrees(const ImageView& gray);

// Turned about its middle, same size, white where nothing was.
Result<Picture> rotated(const ImageView& image, double degrees);
// Turned clockwise by `quarters` · 90°.
Result<Picture> turned(const ImageView& image, int quarters);
// The part in `rect` (clipped), scaled by `factor` (0.05 … 8), with a white margin of `margin` pixels around it.
Result<Picture> magnified(const ImageView& image, const Rect& rect, double factor, int margin);

}  // namespace netsampler
