// Which bar codes in a camera's pictures are waybills: a text that was read twice becomes a `fact` and the chapter 40-1.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "capture/media/segment.h"
#include "evidence/vision/codes.h"

namespace netsampler::capture {

// 8 to 34 capital letters and digits, at least six of them digits; not a trade article's number (EAN, UPC).
bool plausible_waybill(const Code& code);

// What was seen so far. One thread.
class WaybillSightings {
 public:
  // The codes of one picture: the notes to write, once for each text, when it is read for the second time.
  std::vector<Note> take(const std::vector<Code>& codes, std::int64_t at_us, const std::string& source);
  // True while something was read once and has not been looked for in vain ten times since: a second reading soon would settle it.
  bool unsure() const { return looks_left_ > 0; }

 private:
  struct Sighting {
    std::int64_t first_us = 0;
    int times = 0;
  };
  std::map<std::string, Sighting> seen_;  // ≤ 64 texts
  int looks_left_ = 0;
};

}  // namespace netsampler::capture
