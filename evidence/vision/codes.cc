#include "evidence/vision/codes.h"

#define ZX_USE_UTF8 1
#include <ReadBarcode.h>

#include <algorithm>

namespace netsampler {
namespace {

constexpr int kCodeLimit = 16;

ZXing::DecodeHints hints() {
  ZXing::DecodeHints wanted;
  wanted.setTryHarder(true);  // a waybill lies askew on a table
  wanted.setTryRotate(true);
  wanted.setMaxNumberOfSymbols(kCodeLimit);
  return wanted;
}

Code code_from(const ZXing::Result& found) {
  Code code;
  code.format = ZXing::ToString(found.format());
  code.text = found.text();
  for (std::size_t i = 0; i < 4; ++i) code.corners[i] = {found.position()[static_cast<int>(i)].x, found.position()[static_cast<int>(i)].y};
  code.lines = std::max(0, found.lineCount());
  return code;
}

}  // namespace

Result<std::vector<Code>> read_codes(const ImageView& image) {
  if (!is_sound(image)) return fail(ErrorKind::invalid, "reading codes: not a picture (no data, or sides out of bounds)");
  const auto form = image.form == PixelForm::gray ? ZXing::ImageFormat::Lum : ZXing::ImageFormat::BGR;
  std::vector<Code> codes;
  try {
    const ZXing::ImageView view(image.data, image.width, image.height, form, image.stride_bytes);
    for (const auto& found : ZXing::ReadBarcodes(view, hints()))
      if (found.isValid()) codes.push_back(code_from(found));
  } catch (const std::exception& error) {  // the library throws its own and the standard ones on damaged symbols
    return fail(ErrorKind::internal, std::string("reading codes: ") + error.what());
  }
  return codes;
}

Rect bounds_of(const Code& code) {
  const auto [left, right] = std::minmax_element(code.corners.begin(), code.corners.end(), [](Point a, Point b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(code.corners.begin(), code.corners.end(), [](Point a, Point b) { return a.y < b.y; });
  return {left->x, top->y, right->x - left->x + 1, bottom->y - top->y + 1};
}

}  // namespace netsampler
