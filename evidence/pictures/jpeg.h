// One decoded picture as a small JPEG (libswscale, libav's MJPEG encoder).
#pragma once
#include "evidence/base/bytes.h"
#include "evidence/base/result.h"
#include "evidence/vision/libav.h"

namespace netsampler::pictures {

// At most `width` pixels wide (2 … 4096), in its own proportions, 4:2:0, full range, BT.601 as JFIF has it. `invalid`: a picture that
// cannot be converted.
Result<Bytes> jpeg_of(const AVFrame& picture, int width);

}  // namespace netsampler::pictures
