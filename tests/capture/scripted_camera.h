// A camera without a wire: real H.264 from our own encoder, as units with the arrival and stream times that a test wants.
#pragma once
#include <deque>

#include "capture/camera/read_stage.h"
#include "capture/camera/stream_format.h"
#include "capture/media/encoder.h"
#include "capture/media/av.h"

namespace netsampler::capture {

// Pictures of one grey each, a noisy square in the middle that moves.
class ScriptedCamera {
 public:
  explicit ScriptedCamera(int width = 64, int height = 48) : width_(width), height_(height) {
    EncoderSettings settings{width, height};
    settings.layout = PixelLayout::i420;
    encoder_ = Encoder::open(settings).take();
    std::unique_ptr<AVCodecParameters, void (*)(AVCodecParameters*)> parameters(avcodec_parameters_alloc(), [](AVCodecParameters* p) { avcodec_parameters_free(&p); });
    parameters->codec_type = AVMEDIA_TYPE_VIDEO;
    parameters->codec_id = AV_CODEC_ID_H264;
    const Bytes& header = encoder_->extradata();
    parameters->extradata = static_cast<std::uint8_t*>(av_mallocz(header.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    std::copy(header.begin(), header.end(), parameters->extradata);
    parameters->extradata_size = static_cast<int>(header.size());
    format_ = StreamFormat::open(*parameters, rate).take();
  }

  // The next picture as the camera sends it, arriving at `at_us` with that as its own time too.
  CameraUnit unit(std::int64_t at_us, bool key = false) {
    Packet packet = encoder_->encode(picture(), pts_ += 3000, key, {}).take();
    AvPacket made(av_packet_alloc());
    av_new_packet(made.get(), static_cast<int>(packet.bytes.size()));
    std::copy(packet.bytes.begin(), packet.bytes.end(), made->data);
    CameraUnit unit = format_->unit_of(*made).take().value();
    unit.arrived_us = at_us;
    unit.pts_us = at_us - 1'000'000'000;
    return unit;
  }

  static constexpr double rate = 30;

 private:
  PictureView picture() {
    pixels_.assign(static_cast<std::size_t>(width_ * height_ * 3 / 2), 120);
    ++shown_;
    for (int y = 16; y < 32; ++y)
      for (int x = 16; x < 32; ++x) pixels_[static_cast<std::size_t>(y * width_ + x)] = static_cast<std::uint8_t>((x * y + shown_ * 37) % 200 + 20);
    PictureView view;
    view.layout = PixelLayout::i420;
    view.planes[0] = pixels_.data();
    view.planes[1] = pixels_.data() + width_ * height_;
    view.planes[2] = pixels_.data() + width_ * height_ * 5 / 4;
    view.strides[0] = width_;
    view.strides[1] = view.strides[2] = width_ / 2;
    return view;
  }

  int width_, height_, shown_ = 0;
  std::int64_t pts_ = 0;
  Bytes pixels_;
  std::unique_ptr<Encoder> encoder_;
  std::optional<StreamFormat> format_;
};

}  // namespace netsampler::capture
