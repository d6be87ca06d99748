// A camera as the recorder sees it: an opener that connects, and a stream that gives one decoded picture after the other.
// Two implementations: libav (camera_input.cc) and the tests' own.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "capture/media/encoder.h"
#include "evidence/base/result.h"

namespace netsampler::capture {

// A decoded picture, 4:2:0 planar, even sides. The planes live as long as `keeper`; copies share them.
struct CameraPicture {
  std::shared_ptr<const void> keeper;
  PictureView view;
  int width = 0, height = 0;           // pixels
  std::int64_t arrived_us = 0;         // BOOTTIME when the bytes were there
  std::optional<std::int64_t> pts_us;  // the stream's own time, where it gives one; any origin
};

class CameraStream {
 public:
  virtual ~CameraStream() = default;
  // Waits for the next picture; empty where the stream is over (a file's end). `unavailable`: the camera fell silent or went away.
  virtual Result<std::optional<CameraPicture>> next() = 0;
  // True where its end is the end of the recording (a file), false where it should be opened again (a camera).
  virtual bool ends() const = 0;
};

using CameraOpener = std::function<Result<std::unique_ptr<CameraStream>>()>;

}  // namespace netsampler::capture
