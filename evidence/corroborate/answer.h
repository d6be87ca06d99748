// What a source of evidence says of one fact, and what follows from three of them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "evidence/vision/image.h"

namespace netsampler::corroborate {

enum class Answer {
  agrees,         // the same value was read there
  differs,        // another value was read where this one should stand
  not_found,      // looked for, and not read there
  not_applicable  // cannot be there: outside the window, no pictures, no archive
};
const char* word_of(Answer answer);  // agrees, differs, not-found, not-applicable: as records have them

struct Said {
  Answer answer = Answer::not_applicable;
  std::string why;   // one word of a fixed set where it does not agree: outside, covered, unread, no-picture …
  std::string text;  // what was read; personal
};

// Where the pictures were looked at: the segment, the picture's pts (90 kHz) and the rectangle in it, pixels of the frame.
struct Sight {
  std::string source;
  std::int64_t segment = 0, pts = 0;
  Rect rect;
};

struct Outcome {
  Said pixels, dom, network;
  std::optional<Sight> sight;  // only where a rectangle of a picture was read
  // The rule: at least two sources agree, and none differs or looked in vain. What is not applicable says nothing.
  bool agrees() const;
};

}  // namespace netsampler::corroborate
