// A line of text cut out of a picture and made ready for OCR: enlarged, dark on light, with room around it. Pure.
#pragma once
#include "evidence/vision/png.h"

namespace netsampler::corroborate {

struct CropWish {
  int height_px = 48;         // about that high it becomes; enlarged 1 to 4 times
  bool without_line = false;  // a line through the text (struck prices) is painted over
};

// `rect` lies within the picture and is not empty.
GrayPicture line_for_reading(const GrayPicture& picture, const Rect& rect, const CropWish& wish);

}  // namespace netsampler::corroborate
