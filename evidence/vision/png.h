// A PNG (libav's decoder) as a gray picture, by the luma that TextReader uses too. What it reads may be hostile: at most 16384 a side and
// 64 megapixels; nothing but 8-bit gray, RGB and RGBA, as browsers write screenshots.
#pragma once
#include "evidence/base/bytes.h"
#include "evidence/vision/image.h"

namespace netsampler {

struct GrayPicture {
  int width = 0, height = 0;
  Bytes pixels;  // rows without padding
  ImageView view() const { return {pixels.data(), width, height, width, PixelForm::gray}; }
};

Result<GrayPicture> read_png(ByteView png);  // `invalid`: not such a picture
GrayPicture gray_of(const ImageView& image); // a sound image

}  // namespace netsampler
