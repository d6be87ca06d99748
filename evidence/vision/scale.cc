#include "evidence/vision/scale.h"

extern "C" {
#include <libswscale/swscale.h>
}

#include "evidence/vision/libav.h"

namespace netsampler {

void PixelPacker::Free::operator()(SwsContext* scaler) const { sws_freeContext(scaler); }

Result<Bytes> PixelPacker::pack(const AVFrame& picture, PixelForm form) {
  const AVPixelFormat wanted = form == PixelForm::gray ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_BGR24;
  const ImageView size{picture.data[0], picture.width, picture.height, picture.width * bytes_per_pixel(form), form};
  if (!is_sound(size)) return fail(ErrorKind::invalid, "a picture with sides out of bounds");
  scaler_.reset(sws_getCachedContext(scaler_.release(), size.width, size.height, static_cast<AVPixelFormat>(picture.format), size.width,
                                     size.height, wanted, SWS_BILINEAR | SWS_ACCURATE_RND, nullptr, nullptr, nullptr));
  if (scaler_ == nullptr) return fail(ErrorKind::invalid, "a picture that cannot be converted");
  // swscale may write past the last row in whole vectors
  Bytes pixels(static_cast<std::size_t>(size.stride_bytes) * static_cast<std::size_t>(size.height) + 64);
  std::uint8_t* planes[4] = {pixels.data(), nullptr, nullptr, nullptr};
  const int strides[4] = {size.stride_bytes, 0, 0, 0};
  sws_scale(scaler_.get(), picture.data, picture.linesize, 0, size.height, planes, strides);
  pixels.resize(pixels.size() - 64);
  return pixels;
}

}  // namespace netsampler
