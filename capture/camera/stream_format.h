// From libav's packets to coded pictures: what describes them, and for H.264 what it takes to keep them as they came. One thread.
#pragma once
#include "capture/camera/camera_stream.h"
#include "evidence/base/result.h"

struct AVPacket;

namespace netsampler::capture {

class StreamFormat {
 public:
  // `declared_rate`: pictures a second as the camera says, 0: it does not.
  static Result<StreamFormat> open(const AVCodecParameters& parameters, double declared_rate);
  // Without times; nothing where there is no picture in it. A picture that comes with other parameter sets has another format object, and
  // so has all that follows it. `invalid`: bytes that are not what they are said to be (of a file; a camera's are skipped as nothing).
  Result<std::optional<CameraUnit>> unit_of(const AVPacket& packet);

 private:
  Result<std::optional<CameraUnit>> h264_unit_of(const AVPacket& packet);
  void describe(const Bytes& sets, ByteView units);

  std::shared_ptr<const CameraFormat> format_;
  int length_bytes_ = 0;  // h264
};

}  // namespace netsampler::capture
