// Where a browser's window stands in a recorded picture: its screenshot is looked for in the pixels, so that neither the window's place nor
// the height of its bars, neither zoom nor the device's scale need be known, and a page that the pictures do not show is not found.
// Pure. Pictures are gray; the recorded one has been through a lossy codec.
#pragma once
#include <optional>

#include "evidence/vision/png.h"

namespace netsampler::corroborate {

struct Place {
  int x = 0, y = 0;  // of the screenshot's top left corner in the frame, pixels; may lie outside
};

// How much of a rectangle of the screenshot the frame shows at that place: blocks of 8×8 pixels that have something in them.
struct Likeness {
  int inked = 0, same = 0;  // those within the frame; of those, the same in both
  double share() const { return inked == 0 ? 0 : same / static_cast<double>(inked); }
};
Likeness likeness(const GrayPicture& frame, const GrayPicture& screenshot, const Place& place, const Rect& in_screenshot);

// The place at which at least a third of the screenshot's inked blocks within the frame are the same; `hint` is tried first. None: the frame
// does not show that page, or hardly any of it. About 30 ms where it stands, 100 ms where it does not (1280×800).
std::optional<Place> place_of(const GrayPicture& frame, const GrayPicture& screenshot, const std::optional<Place>& hint);

}  // namespace netsampler::corroborate
