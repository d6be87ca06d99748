// Bar codes and two-dimensional codes in a picture (zxing-cpp): Code 128, EAN, ITF, Code 39, QR, Data Matrix, PDF417 and the like.
// Pure: same bytes, same answer. Thread-safe. About 10 ms for a 1280×720 picture.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "evidence/base/result.h"
#include "evidence/vision/image.h"

namespace netsampler {

struct Point {
  int x = 0, y = 0;  // pixels of the picture handed in
};

struct Code {
  std::string format;            // zxing's name: "Code128", "QRCode", "EAN-13", …
  std::string text;              // UTF-8; check digits verified by the decoder; a QR code's bytes that name no character set and are no UTF-8 are GB 18030
  std::array<Point, 4> corners;  // top left, top right, bottom right, bottom left of the code as printed
  int lines = 0;                 // scan lines that agreed, linear codes only: a measure of how sure the reading is
};

// All codes found, at most 8 two-dimensional ones, then at most 24 linear ones. None found is an empty list; an unsound picture is `invalid`.
enum class CodeKinds { all, matrix };
Result<std::vector<Code>> read_codes(const ImageView& image, CodeKinds kinds = CodeKinds::all);

// The smallest rectangle around the corners, clipped to nothing: a linear code that was read along one line is one pixel high.
Rect bounds_of(const Code& code);

}  // namespace netsampler
