// One look at the strip in a decoded picture: the cells and the QR code of evidence/format/strip_code.h.
#pragma once
#include <optional>

#include "evidence/format/strip_code.h"
#include "evidence/vision/image.h"

namespace netsampler::pictures {

struct Look {
  std::int64_t pts = 0;           // of the picture, 90 kHz
  std::optional<StripCode> code;  // nothing: no strip there, or a covered one
  std::string beacon;             // the QR code's text, in the form of parse_beacon; "" where there is none
};

// `luma`: 8 bits a pixel, at least the picture's upper left corner; a picture too small for a strip shows nothing.
Look look_at_strip(const ImageView& luma, std::int64_t pts);

}  // namespace netsampler::pictures
