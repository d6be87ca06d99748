// FFmpeg's headers for this folder, and owners of what they allocate. Nothing else here includes libav*.
#pragma once
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavdevice/avdevice.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

namespace netsampler::capture {

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

}  // namespace netsampler::capture
