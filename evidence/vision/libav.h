// FFmpeg's readers' headers, owners of what they allocate, and its words: once, for all who read or write pictures.
#pragma once
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <memory>
#include <string>

namespace netsampler {

struct FreeFormat {
  void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
};
using AvFormat = std::unique_ptr<AVFormatContext, FreeFormat>;

// An AVIO over a buffer of its own (avio_alloc_context).
struct FreeIo {
  void operator()(AVIOContext* io) const {
    av_freep(&io->buffer);
    avio_context_free(&io);
  }
};
using AvIo = std::unique_ptr<AVIOContext, FreeIo>;

struct FreeCodec {
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
};
using AvCodec = std::unique_ptr<AVCodecContext, FreeCodec>;

struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
using AvPacket = std::unique_ptr<AVPacket, FreePacket>;

struct FreeFrame {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
using AvFrame = std::unique_ptr<AVFrame, FreeFrame>;

// FFmpeg's words for one of its error codes.
inline std::string av_text(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return text;
}

}  // namespace netsampler
