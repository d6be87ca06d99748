#include "capture/camera/camera_decoder.h"

#include <cstring>
#include <map>

#include "capture/media/av.h"

namespace netsampler::capture {
namespace {

constexpr std::int64_t kMostPixels = 8192LL * 8192;
constexpr std::size_t kMostOwed = 64;  // units whose picture may still come

struct FreeScaler {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};

class AvCameraDecoder final : public CameraDecoder {
 public:
  bool feed(const CameraUnit& unit, std::int64_t number) override {
    arrived_us_ = unit.arrived_us;
    if (finished_ && codec_) avcodec_flush_buffers(codec_.get());
    finished_ = false;
    if (!use(*unit.format)) return false;
    if (!fill_packet(unit)) return false;
    packet_->pts = packet_->dts = number;
    owed_[number] = unit.pts_us;
    if (owed_.size() > kMostOwed) owed_.erase(owed_.begin());
    const int code = avcodec_send_packet(codec_.get(), packet_.get());
    av_packet_unref(packet_.get());
    return code >= 0;
  }
  void finish() override {
    if (codec_) avcodec_send_packet(codec_.get(), nullptr);
    finished_ = true;
  }
  Result<std::optional<CameraPicture>> next() override {
    if (!codec_ || avcodec_receive_frame(codec_.get(), frame_.get()) != 0) return std::optional<CameraPicture>();
    CameraPicture picture = TRY(picture_from_frame());
    return std::optional<CameraPicture>(std::move(picture));
  }

 private:
  bool use(const CameraFormat& format);
  bool fill_packet(const CameraUnit& unit);
  Result<CameraPicture> picture_from_frame();
  Result<AvFrame> planar_copy();

  AvCodec codec_;
  std::unique_ptr<SwsContext, FreeScaler> scaler_;
  AvPacket packet_{av_packet_alloc()};
  AvFrame frame_{av_frame_alloc()};
  std::string name_;
  std::shared_ptr<const AVCodecParameters> parameters_;
  Bytes sets_;                   // h264: those that the decoder has
  bool sets_changed_ = false, finished_ = false;
  std::int64_t arrived_us_ = 0;
  std::map<std::int64_t, std::optional<std::int64_t>> owed_;  // units' times by their numbers
};

// H.264 takes other parameter sets as it goes; anything else begins anew.
bool AvCameraDecoder::use(const CameraFormat& format) {
  const bool same = codec_ && (format.parameters == parameters_ || (format.h264() && name_ == format.codec));
  sets_changed_ = same && format.sets != sets_;
  sets_ = format.sets;
  parameters_ = format.parameters;
  if (same) return true;
  const AVCodec* decoder = avcodec_find_decoder(format.parameters->codec_id);
  name_ = format.codec;
  codec_.reset(avcodec_alloc_context3(decoder));
  if (!codec_) return false;
  codec_->thread_count = 1;
  codec_->max_pixels = kMostPixels;
  codec_->flags |= AV_CODEC_FLAG_LOW_DELAY;
  if (avcodec_parameters_to_context(codec_.get(), format.parameters.get()) < 0 || avcodec_open2(codec_.get(), decoder, nullptr) < 0) codec_.reset();
  return codec_ != nullptr;
}

// A copy with libav's padding behind it.
bool AvCameraDecoder::fill_packet(const CameraUnit& unit) {
  const std::size_t head = sets_changed_ ? sets_.size() : 0;
  if (av_new_packet(packet_.get(), static_cast<int>(head + unit.bytes.size())) < 0) return false;
  if (head > 0) std::memcpy(packet_->data, sets_.data(), head);
  std::memcpy(packet_->data + head, unit.bytes.data(), unit.bytes.size());
  if (unit.key) packet_->flags |= AV_PKT_FLAG_KEY;
  return true;
}

// 4:2:0 planar with even sides, whatever the camera sends.
Result<AvFrame> AvCameraDecoder::planar_copy() {
  AvFrame copy(av_frame_alloc());
  if (!copy) return fail(ErrorKind::internal, "no memory for a picture");
  copy->format = AV_PIX_FMT_YUV420P;
  copy->width = frame_->width & ~1;
  copy->height = frame_->height & ~1;
  if (copy->width < kBlock || copy->height < kBlock || av_frame_get_buffer(copy.get(), 0) < 0)
    return fail(ErrorKind::invalid, "the camera's picture has an impossible size");
  scaler_.reset(sws_getCachedContext(scaler_.release(), frame_->width, frame_->height, static_cast<AVPixelFormat>(frame_->format),
                                     copy->width, copy->height, AV_PIX_FMT_YUV420P, SWS_BILINEAR, nullptr, nullptr, nullptr));
  if (!scaler_) return fail(ErrorKind::invalid, "the camera's pixels have an unknown form");
  sws_scale(scaler_.get(), frame_->data, frame_->linesize, 0, frame_->height, copy->data, copy->linesize);
  return copy;
}

Result<CameraPicture> AvCameraDecoder::picture_from_frame() {
  CameraPicture picture;
  const bool ready = frame_->format == AV_PIX_FMT_YUV420P && frame_->width % 2 == 0 && frame_->height % 2 == 0 && frame_->width >= kBlock && frame_->height >= kBlock;
  AvFrame whole = ready ? AvFrame(av_frame_clone(frame_.get())) : TRY(planar_copy());
  if (!whole) return fail(ErrorKind::internal, "no memory for a picture");
  picture.width = whole->width;
  picture.height = whole->height;
  picture.view.layout = PixelLayout::i420;
  for (int plane = 0; plane < 3; ++plane) {
    picture.view.planes[plane] = whole->data[plane];
    picture.view.strides[plane] = whole->linesize[plane];
  }
  picture.keeper = std::shared_ptr<const AVFrame>(std::move(whole));
  picture.damaged = frame_->decode_error_flags != 0 || (frame_->flags & AV_FRAME_FLAG_CORRUPT) != 0;
  picture.arrived_us = arrived_us_;
  picture.number = frame_->pts == AV_NOPTS_VALUE ? 0 : frame_->pts;
  if (const auto owed = owed_.find(picture.number); owed != owed_.end()) {
    picture.pts_us = owed->second;
    owed_.erase(owed);
  }
  return picture;
}

}  // namespace

std::unique_ptr<CameraDecoder> CameraDecoder::make() { return std::make_unique<AvCameraDecoder>(); }

}  // namespace netsampler::capture
