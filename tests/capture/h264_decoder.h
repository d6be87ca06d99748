// Decodes what the encoder made with libavcodec, which takes no error for granted: one packet in, one picture out at once.
#pragma once
#include <gtest/gtest.h>

#include <cstring>
#include <optional>

#include "capture/media/encoder.h"
#include "evidence/vision/libav.h"

namespace netsampler::capture {

// Planes without gaps: luma width × height, Cb and Cr a quarter each.
struct Decoded {
  int width = 0, height = 0;
  Bytes luma, cb, cr;
};

class H264Decoder {
 public:
  explicit H264Decoder(const Bytes& extradata) : codec_(avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_H264))) {
    codec_->extradata = static_cast<std::uint8_t*>(av_mallocz(extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    codec_->extradata_size = static_cast<int>(extradata.size());
    std::memcpy(codec_->extradata, extradata.data(), extradata.size());
    codec_->thread_count = 1;
    codec_->err_recognition = AV_EF_EXPLODE | AV_EF_BITSTREAM | AV_EF_BUFFER;
    EXPECT_EQ(avcodec_open2(codec_.get(), codec_->codec, nullptr), 0);
  }
  // Nothing where the decoder found an error, or held the picture back.
  std::optional<Decoded> decode(const Packet& in) {
    AvPacket packet(av_packet_alloc());
    EXPECT_EQ(av_new_packet(packet.get(), static_cast<int>(in.bytes.size())), 0);
    std::memcpy(packet->data, in.bytes.data(), in.bytes.size());
    packet->pts = packet->dts = in.pts;
    AvFrame frame(av_frame_alloc());
    if (avcodec_send_packet(codec_.get(), packet.get()) < 0 || avcodec_receive_frame(codec_.get(), frame.get()) < 0) return std::nullopt;
    if (frame->decode_error_flags != 0 || frame->pts != in.pts) return std::nullopt;
    return Decoded{frame->width, frame->height, plane(*frame, 0, frame->width, frame->height),
                   plane(*frame, 1, frame->width / 2, frame->height / 2), plane(*frame, 2, frame->width / 2, frame->height / 2)};
  }

 private:
  static Bytes plane(const AVFrame& frame, int number, int width, int height) {
    Bytes out;
    for (int y = 0; y < height; ++y) append(out, ByteView(frame.data[number] + y * frame.linesize[number], static_cast<std::size_t>(width)));
    return out;
  }
  AvCodec codec_;
};

}  // namespace netsampler::capture
