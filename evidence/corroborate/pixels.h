// A fact's lines of text, read by OCR in the recorded picture.
#pragma once
#include "evidence/corroborate/answer.h"
#include "evidence/corroborate/dom_view.h"
#include "evidence/corroborate/expected.h"
#include "evidence/corroborate/place.h"
#include "evidence/vision/text.h"

namespace netsampler::corroborate {

struct Shown {
  const GrayPicture& frame;       // of the recording
  const GrayPicture& screenshot;  // of the page
  Place place;                    // of the one in the other
};

// `lines`: where the fact's text stands, from the screenshot's corner; not empty. Agrees on the first reading that agrees, differs only where
// two readings gave the same other value. Not wholly within window and picture: not-applicable (outside). Something else stands there in the
// picture: not-found (covered). At most 4 lines are read, three times each at most. `rect`: what was read, pixels of the frame.
Said look_in_picture(TextReader& reader, const Shown& shown, const std::vector<TextLine>& lines, Expected expected, Rect& rect);

}  // namespace netsampler::corroborate
