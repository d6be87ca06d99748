// The licence's sheet out of a picture, upright and level, and what a first reading of it found. The direction is tried: upright first.
#pragma once
#include <string>
#include <vector>

#include "crawler/licence_text.h"
#include "evidence/vision/still.h"
#include "evidence/vision/text.h"

namespace netsampler {

struct LevelSheet {
  Picture colours;               // bgr, the longer side 2000 pixels
  Picture gray;                  // cleaned of red ink
  std::vector<LicenceRow> rows;  // in its coordinates
  int captions = 0;
};

// At most ten readings of a whole sheet: the sheet found by its edges, the picture as a whole, each in four directions at half size.
Result<LevelSheet> level_sheet(TextReader& reader, const Picture& picture);
// A second reading of the sheet, as scattered words: finds what stands alone, where the first, as even lines, keeps rows together.
Result<std::vector<LicenceRow>> scattered_rows(TextReader& reader, const LevelSheet& sheet);
// Payloads of the QR codes in the picture or, where there are none, in treatments of it and of the sheet; in no more than eight tries.
Result<std::vector<std::string>> qr_payloads(const Picture& picture, const LevelSheet& sheet);

}  // namespace netsampler
