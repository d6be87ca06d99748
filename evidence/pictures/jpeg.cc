#include "evidence/pictures/jpeg.h"

extern "C" {
#include <libswscale/swscale.h>
}

#include <algorithm>

namespace netsampler::pictures {
namespace {

constexpr int kQuality = 4;  // of 2 (best) … 31: letters of a screen stay clean at a quarter of their size
constexpr int kSideLimit = 4096;

struct FreeScaler {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};
using Scaler = std::unique_ptr<SwsContext, FreeScaler>;

int even(std::int64_t side) { return static_cast<int>(std::clamp<std::int64_t>(side & ~std::int64_t{1}, 2, kSideLimit)); }

// What a file does not say is BT.601, as our own recorder writes.
int matrix_of(const AVFrame& picture) { return picture.colorspace == AVCOL_SPC_BT709 ? SWS_CS_ITU709 : SWS_CS_ITU601; }

bool is_full_range(const AVFrame& picture) {
  return picture.color_range == AVCOL_RANGE_JPEG || picture.format == AV_PIX_FMT_YUVJ420P || picture.format == AV_PIX_FMT_YUVJ422P;
}

Result<AvFrame> scaled(const AVFrame& picture, int width) {
  AvFrame small(av_frame_alloc());
  small->width = even(std::min(width, picture.width));
  small->height = even(std::int64_t{picture.height} * small->width / picture.width);
  small->format = AV_PIX_FMT_YUVJ420P;
  const Scaler scaler(sws_getContext(picture.width, picture.height, static_cast<AVPixelFormat>(picture.format), small->width, small->height,
                                     AV_PIX_FMT_YUVJ420P, SWS_AREA | SWS_ACCURATE_RND, nullptr, nullptr, nullptr));
  if (scaler == nullptr || av_frame_get_buffer(small.get(), 0) < 0) return fail(ErrorKind::invalid, "a picture that cannot be converted");
  sws_setColorspaceDetails(scaler.get(), sws_getCoefficients(matrix_of(picture)), is_full_range(picture), sws_getCoefficients(SWS_CS_ITU601), 1, 0,
                           1 << 16, 1 << 16);
  sws_scale(scaler.get(), picture.data, picture.linesize, 0, picture.height, small->data, small->linesize);
  return small;
}

Result<AvCodec> open_encoder(const AVFrame& small) {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  AvCodec encoder(avcodec_alloc_context3(codec));
  encoder->width = small.width;
  encoder->height = small.height;
  encoder->pix_fmt = AV_PIX_FMT_YUVJ420P;
  encoder->time_base = {1, 1};
  encoder->thread_count = 1;
  encoder->flags |= AV_CODEC_FLAG_QSCALE;
  encoder->global_quality = FF_QP2LAMBDA * kQuality;
  if (const int code = avcodec_open2(encoder.get(), codec, nullptr); code < 0) return fail(ErrorKind::internal, "no JPEG encoder: " + av_text(code));
  return encoder;
}

}  // namespace

Result<Bytes> jpeg_of(const AVFrame& picture, int width) {
  if (picture.width < 2 || picture.height < 2 || width < 2) return fail(ErrorKind::invalid, "a picture that cannot be converted");
  const AvFrame small = TRY(scaled(picture, width));
  const AvCodec encoder = TRY(open_encoder(*small));
  const AvPacket packet(av_packet_alloc());
  small->quality = encoder->global_quality;
  if (avcodec_send_frame(encoder.get(), small.get()) < 0 || avcodec_receive_packet(encoder.get(), packet.get()) < 0)
    return fail(ErrorKind::internal, "a picture that the JPEG encoder refuses");
  return Bytes(packet->data, packet->data + packet->size);
}

}  // namespace netsampler::pictures
