// Cameras through libav: rtsp:// (over TCP or UDP), http:// (MJPEG), v4l2:///dev/videoN, or a video file, which plays at its own pace.
#pragma once
#include <atomic>
#include <string>

#include "capture/camera/camera_address.h"
#include "capture/camera/camera_stream.h"
#include "evidence/base/clock.h"

namespace netsampler::capture {

struct CameraLimits {
  std::int64_t open_us = 8'000'000;     // to connect and describe; then `unavailable`
  std::int64_t silence_us = 5'000'000;  // without a whole picture; then the stream counts as lost
};

// Connects. `not_found`: no such file or device; `invalid`: a file without a video in it; `denied`: the camera wants other credentials;
// `unavailable`: nobody there. `stop` set from another thread breaks every wait off within about 100 ms. All handed in must outlive the
// stream. One thread. Whatever is sent, no piece of memory in libav grows beyond 64 MiB (of this program, from the first call on).
Result<std::unique_ptr<CameraStream>> open_camera(const CameraAddress& address, const Clock& clock, const std::atomic<bool>& stop,
                                                  const CameraLimits& limits = {});

}  // namespace netsampler::capture
