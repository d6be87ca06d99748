#include "evidence/vision/png.h"

#include <algorithm>

#include "evidence/vision/libav.h"

namespace netsampler {
namespace {

constexpr std::int64_t kPixelLimit = 64'000'000;
constexpr std::size_t kSignatureBytes = 8, kSizeAt = 16;

std::int64_t big_endian(ByteView bytes, std::size_t at) {
  return std::int64_t{bytes[at]} << 24 | std::int64_t{bytes[at + 1]} << 16 | std::int64_t{bytes[at + 2]} << 8 | bytes[at + 3];
}

// The sides are asked of the header, before the decoder takes memory for them.
Result<void> check_header(ByteView png) {
  constexpr std::uint8_t kSignature[kSignatureBytes] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  const bool signed_so = png.size() > kSizeAt + 8 && std::equal(kSignature, kSignature + kSignatureBytes, png.begin());
  if (!signed_so) return fail(ErrorKind::invalid, "not a PNG picture");
  const std::int64_t width = big_endian(png, kSizeAt), height = big_endian(png, kSizeAt + 4);
  if (width < 1 || height < 1 || width > 16384 || height > 16384 || width * height > kPixelLimit) return fail(ErrorKind::invalid, "a PNG picture with sides out of bounds");
  return {};
}

std::uint8_t luma(int red, int green, int blue) { return static_cast<std::uint8_t>((blue * 29 + green * 150 + red * 77) >> 8); }

Result<GrayPicture> gray_of_frame(const AVFrame& frame) {
  const int step = frame.format == AV_PIX_FMT_RGBA ? 4 : frame.format == AV_PIX_FMT_RGB24 ? 3 : frame.format == AV_PIX_FMT_GRAY8 ? 1 : 0;
  if (step == 0) return fail(ErrorKind::invalid, "a PNG picture of a kind that is not read");
  GrayPicture gray{frame.width, frame.height, {}};
  gray.pixels.reserve(static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height));
  for (int y = 0; y < frame.height; ++y) {
    const std::uint8_t* pixel = frame.data[0] + std::ptrdiff_t{y} * frame.linesize[0];
    for (int x = 0; x < frame.width; ++x, pixel += step) gray.pixels.push_back(step == 1 ? pixel[0] : luma(pixel[0], pixel[1], pixel[2]));
  }
  return gray;
}

}  // namespace

Result<GrayPicture> read_png(ByteView png) {
  TRY(check_header(png));
  av_log_set_level(AV_LOG_QUIET);
  const AVCodec* decoder = avcodec_find_decoder(AV_CODEC_ID_PNG);
  if (decoder == nullptr) return fail(ErrorKind::unavailable, "libavcodec without a PNG decoder");
  const AvCodec codec(avcodec_alloc_context3(decoder));
  codec->thread_count = 1;
  codec->max_pixels = kPixelLimit;
  if (const int code = avcodec_open2(codec.get(), decoder, nullptr); code < 0) return fail(ErrorKind::internal, "PNG decoder: " + av_text(code));
  const AvPacket packet(av_packet_alloc());
  const AvFrame frame(av_frame_alloc());
  if (av_new_packet(packet.get(), static_cast<int>(png.size())) < 0) return fail(ErrorKind::internal, "no memory for a PNG picture");
  std::copy(png.begin(), png.end(), packet->data);
  int code = avcodec_send_packet(codec.get(), packet.get());
  if (code >= 0) code = avcodec_receive_frame(codec.get(), frame.get());
  if (code < 0) return fail(ErrorKind::invalid, "a damaged PNG picture: " + av_text(code));
  return gray_of_frame(*frame);
}

GrayPicture gray_of(const ImageView& image) {
  GrayPicture gray{image.width, image.height, {}};
  gray.pixels.reserve(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height));
  const int step = bytes_per_pixel(image.form);
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* pixel = image.data + std::ptrdiff_t{y} * image.stride_bytes;
    for (int x = 0; x < image.width; ++x, pixel += step) gray.pixels.push_back(step == 1 ? pixel[0] : luma(pixel[2], pixel[1], pixel[0]));
  }
  return gray;
}

}  // namespace netsampler
