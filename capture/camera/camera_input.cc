#include "capture/camera/camera_input.h"

#include <poll.h>

#include <array>

#include "capture/media/av.h"

namespace netsampler::capture {
namespace {

constexpr int kBadInARowLimit = 300;  // packets without a picture; then the stream counts as lost

struct CloseFormat {
  void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
};
struct FreeCodec {
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
};
struct FreeScaler {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};

// What breaks libav's waits off: a time limit, or the end of the recording.
struct Patience {
  const Clock& clock;
  const std::atomic<bool>& stop;
  std::int64_t until_us = 0;
  bool over() const { return stop.load() || clock.boot_us() > until_us; }
  static int is_over(void* opaque) { return static_cast<Patience*>(opaque)->over() ? 1 : 0; }
};

ErrorKind kind_of(int code, CameraKind kind) {
  if (code == AVERROR(ENOENT) || code == AVERROR(ENODEV) || code == AVERROR_HTTP_NOT_FOUND) return ErrorKind::not_found;
  if (code == AVERROR_HTTP_UNAUTHORIZED || code == AVERROR_HTTP_FORBIDDEN || code == AVERROR(EACCES)) return ErrorKind::denied;
  if (code == AVERROR(EBUSY)) return ErrorKind::busy;
  return kind == CameraKind::file ? ErrorKind::invalid : ErrorKind::unavailable;
}

std::string advice_for(CameraKind kind) {
  if (kind == CameraKind::rtsp) return " (check the camera's power, cable, address and password)";
  return kind == CameraKind::device ? " (check that the camera is plugged in and not in use)" : " (is it a video file?)";
}

AVDictionary* options_for(CameraKind kind) {
  AVDictionary* options = nullptr;
  if (kind == CameraKind::rtsp) {
    av_dict_set(&options, "rtsp_transport", "tcp", 0);
    av_dict_set(&options, "protocol_whitelist", "rtsp,rtp,tcp,udp", 0);
    av_dict_set(&options, "fflags", "nobuffer", 0);
    av_dict_set(&options, "max_delay", "0", 0);
  }
  if (kind == CameraKind::file) av_dict_set(&options, "protocol_whitelist", "file", 0);
  return options;
}

class AvCameraStream final : public CameraStream {
 public:
  AvCameraStream(CameraAddress address, std::string shown, const Clock& clock, const std::atomic<bool>& stop, const CameraLimits& limits)
      : address_(std::move(address)), shown_(std::move(shown)), limits_(limits), patience_{clock, stop} {}

  Result<void> open() {
    av_log_set_level(AV_LOG_QUIET);
    patience_.until_us = patience_.clock.boot_us() + limits_.open_us;
    TRY(open_format());
    return open_decoder();
  }
  bool ends() const override { return address_.kind == CameraKind::file; }
  Result<std::optional<CameraPicture>> next() override;

 private:
  Result<void> open_format();
  Result<void> open_decoder();
  Result<bool> feed();
  Result<CameraPicture> picture_from_frame();
  Result<AvFrame> planar_copy();
  void wait_for_its_time(std::int64_t pts_us);
  Error lost(int code) const;

  CameraAddress address_;
  std::string shown_;
  CameraLimits limits_;
  Patience patience_;
  std::unique_ptr<AVFormatContext, CloseFormat> format_;
  std::unique_ptr<AVCodecContext, FreeCodec> codec_;
  std::unique_ptr<SwsContext, FreeScaler> scaler_;
  AvPacket packet_{av_packet_alloc()};
  AvFrame frame_{av_frame_alloc()};
  int track_ = -1, bad_in_a_row_ = 0;
  bool drained_ = false;
  std::optional<std::int64_t> pace_us_;  // file: BOOTTIME − pts of its first picture
};

Error AvCameraStream::lost(int code) const {
  if (patience_.stop.load()) return fail(ErrorKind::unavailable, "camera " + shown_ + ": the recording ends");
  const std::string why = patience_.over() ? "silent for too long" : av_text(code);
  return fail(kind_of(code, address_.kind), "camera " + shown_ + ": " + why + advice_for(address_.kind));
}

Result<void> AvCameraStream::open_format() {
  const AVInputFormat* form = nullptr;
  if (address_.kind == CameraKind::device) {
    avdevice_register_all();
    form = av_find_input_format("video4linux2");
  }
  AVFormatContext* opened = avformat_alloc_context();
  if (opened == nullptr) return fail(ErrorKind::internal, "no memory for the camera");
  opened->interrupt_callback = {Patience::is_over, &patience_};
  AVDictionary* options = options_for(address_.kind);
  const int code = avformat_open_input(&opened, address_.target.c_str(), form, &options);  // frees `opened` on failure
  av_dict_free(&options);
  if (code < 0) return lost(code);
  format_.reset(opened);
  // A camera's description names the codec; looking for more would hold back its first pictures.
  const int found = address_.kind == CameraKind::rtsp ? 0 : avformat_find_stream_info(format_.get(), nullptr);
  return found < 0 ? Result<void>(lost(found)) : Result<void>();
}

Result<void> AvCameraStream::open_decoder() {
  const AVCodec* decoder = nullptr;
  for (unsigned i = 0; i < format_->nb_streams && decoder == nullptr; ++i) {
    const AVCodecParameters& track = *format_->streams[i]->codecpar;
    if (track.codec_type != AVMEDIA_TYPE_VIDEO) continue;
    decoder = avcodec_find_decoder(track.codec_id);
    track_ = static_cast<int>(i);
  }
  if (decoder == nullptr) return fail(kind_of(0, address_.kind), "camera " + shown_ + ": no video that can be decoded" + advice_for(address_.kind));
  codec_.reset(avcodec_alloc_context3(decoder));
  codec_->thread_count = 1;
  codec_->flags |= AV_CODEC_FLAG_LOW_DELAY;
  int code = avcodec_parameters_to_context(codec_.get(), format_->streams[track_]->codecpar);
  if (code >= 0) code = avcodec_open2(codec_.get(), decoder, nullptr);
  return code < 0 ? Result<void>(lost(code)) : Result<void>();
}

// One more packet for the decoder. False where there are no more.
Result<bool> AvCameraStream::feed() {
  if (drained_) return false;
  patience_.until_us = patience_.clock.boot_us() + limits_.silence_us;
  const int code = av_read_frame(format_.get(), packet_.get());
  if (code == AVERROR_EOF) {
    drained_ = true;
    avcodec_send_packet(codec_.get(), nullptr);
    return true;
  }
  if (code < 0) return lost(code);
  if (packet_->stream_index == track_) {
    avcodec_send_packet(codec_.get(), packet_.get());  // a damaged packet gives no picture, and the next one may be whole
    ++bad_in_a_row_;
  }
  av_packet_unref(packet_.get());
  if (bad_in_a_row_ > kBadInARowLimit) return fail(kind_of(0, address_.kind), "camera " + shown_ + ": nothing in it can be decoded");
  return true;
}

// Files alone: a picture comes when it is due, as it would from a camera.
void AvCameraStream::wait_for_its_time(std::int64_t pts_us) {
  if (!pace_us_) pace_us_ = patience_.clock.boot_us() - pts_us;
  constexpr std::int64_t kTurn_us = 50'000;
  for (;;) {
    const std::int64_t left_us = *pace_us_ + pts_us - patience_.clock.boot_us();
    if (left_us <= 0 || patience_.stop.load()) return;
    ::poll(nullptr, 0, static_cast<int>((std::min(left_us, kTurn_us) + 999) / 1000));
  }
}

// 4:2:0 planar with even sides, whatever the camera sends.
Result<AvFrame> AvCameraStream::planar_copy() {
  AvFrame copy(av_frame_alloc());
  if (!copy) return fail(ErrorKind::internal, "no memory for a picture");
  copy->format = AV_PIX_FMT_YUV420P;
  copy->width = frame_->width & ~1;
  copy->height = frame_->height & ~1;
  if (copy->width < kBlock || copy->height < kBlock || av_frame_get_buffer(copy.get(), 0) < 0)
    return fail(ErrorKind::invalid, "camera " + shown_ + ": a picture of an impossible size");
  scaler_.reset(sws_getCachedContext(scaler_.release(), frame_->width, frame_->height, static_cast<AVPixelFormat>(frame_->format),
                                     copy->width, copy->height, AV_PIX_FMT_YUV420P, SWS_BILINEAR, nullptr, nullptr, nullptr));
  if (!scaler_) return fail(ErrorKind::invalid, "camera " + shown_ + ": pixels of an unknown form");
  sws_scale(scaler_.get(), frame_->data, frame_->linesize, 0, frame_->height, copy->data, copy->linesize);
  return copy;
}

Result<CameraPicture> AvCameraStream::picture_from_frame() {
  CameraPicture picture;
  if (frame_->best_effort_timestamp != AV_NOPTS_VALUE)
    picture.pts_us = av_rescale_q(frame_->best_effort_timestamp, format_->streams[track_]->time_base, {1, 1'000'000});
  if (ends() && picture.pts_us) wait_for_its_time(*picture.pts_us);
  picture.arrived_us = patience_.clock.boot_us();
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
  return picture;
}

Result<std::optional<CameraPicture>> AvCameraStream::next() {
  for (;;) {  // bounded by the packets of a file, by feed()'s limits for a camera
    const int code = avcodec_receive_frame(codec_.get(), frame_.get());
    if (code == 0) {
      bad_in_a_row_ = 0;
      return std::optional<CameraPicture>(TRY(picture_from_frame()));
    }
    if (code == AVERROR_EOF || !TRY(feed())) return std::optional<CameraPicture>();
  }
}

}  // namespace

Result<std::unique_ptr<CameraStream>> open_camera(const std::string& address, const Clock& clock, const std::atomic<bool>& stop,
                                                  const CameraLimits& limits) {
  auto stream = std::make_unique<AvCameraStream>(TRY(parse_camera_address(address)), shown_address(address), clock, stop, limits);
  TRY(stream->open());
  return std::unique_ptr<CameraStream>(std::move(stream));
}

}  // namespace netsampler::capture
