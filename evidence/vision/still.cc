#include "evidence/vision/still.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "evidence/vision/libav.h"
#include "evidence/vision/scale.h"

namespace netsampler {
namespace {

AVCodecID codec_of(std::string_view file) {
  if (file.starts_with("\xff\xd8\xff")) return AV_CODEC_ID_MJPEG;
  if (file.starts_with("\x89PNG\r\n\x1a\n")) return AV_CODEC_ID_PNG;
  if (file.starts_with("BM")) return AV_CODEC_ID_BMP;
  if (file.starts_with("RIFF") && file.substr(8).starts_with("WEBP")) return AV_CODEC_ID_WEBP;
  return AV_CODEC_ID_NONE;
}

Result<AvCodec> open_decoder(AVCodecID id) {
  const AVCodec* decoder = avcodec_find_decoder(id);
  if (decoder == nullptr) return fail(ErrorKind::unavailable, "libavcodec was built without this picture format");
  AvCodec codec(avcodec_alloc_context3(decoder));
  if (codec == nullptr) return fail(ErrorKind::internal, "no memory for a picture decoder");
  codec->thread_count = 1;
  codec->max_pixels = kStillPixelsLimit;
  if (const int code = avcodec_open2(codec.get(), decoder, nullptr); code < 0)
    return fail(ErrorKind::internal, "picture decoder refused: " + av_text(code));
  return codec;
}

Result<AvFrame> decode(AVCodecContext& codec, ByteView file) {
  AvPacket packet(av_packet_alloc());
  AvFrame frame(av_frame_alloc());
  if (packet == nullptr || frame == nullptr || av_new_packet(packet.get(), static_cast<int>(file.size())) < 0)
    return fail(ErrorKind::internal, "no memory for a picture");
  std::memcpy(packet->data, file.data(), file.size());
  int code = avcodec_send_packet(&codec, packet.get());
  if (code >= 0) code = avcodec_receive_frame(&codec, frame.get());
  if (code == AVERROR(EAGAIN)) {  // some decoders hold the picture back until the end is told
    avcodec_send_packet(&codec, nullptr);
    code = avcodec_receive_frame(&codec, frame.get());
  }
  if (code < 0) return fail(ErrorKind::invalid, "a damaged picture, or one larger than " + std::to_string(kStillPixelsLimit / 1'000'000) +
                                                    " million pixels (" + av_text(code) + "): save it again, smaller");
  return frame;
}

}  // namespace

Result<Picture> decode_still(ByteView file) {
  if (file.size() > kStillBytesLimit) return fail(ErrorKind::invalid, "a picture file of more than 64 MiB: save it smaller");
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const AVCodecID id = codec_of(text);
  if (id == AV_CODEC_ID_NONE) return fail(ErrorKind::invalid, "not a picture: give a JPEG, PNG, WebP or BMP file");
  av_log_set_level(AV_LOG_QUIET);
  const AvCodec codec = TRY(open_decoder(id));
  const AvFrame frame = TRY(decode(*codec, file));
  Picture picture;
  picture.width = frame->width;
  picture.height = frame->height;
  PixelPacker packer;
  picture.pixels = TRY(packer.pack(*frame, PixelForm::bgr));
  return picture;
}

}  // namespace netsampler
