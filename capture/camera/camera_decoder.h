// Coded pictures in, decoded ones out, whatever the camera sends. One thread. What cannot be decoded gives no picture; H.264 that was
// damaged on its way is shown as well as it can be, and says so.
#pragma once
#include "capture/camera/camera_stream.h"
#include "capture/media/encoder.h"
#include "evidence/base/result.h"

namespace netsampler::capture {

// A decoded picture, 4:2:0 planar, even sides. The planes live as long as `keeper`; copies share them.
struct CameraPicture {
  std::shared_ptr<const void> keeper;
  PictureView view;
  int width = 0, height = 0;           // pixels
  std::int64_t number = 0;             // of the unit that it is the picture of
  std::int64_t arrived_us = 0;         // BOOTTIME; of the unit that brought it out
  std::optional<std::int64_t> pts_us;  // the stream's own time, as the unit's
  bool damaged = false;                // parts of it are guessed
};

class CameraDecoder {
 public:
  static std::unique_ptr<CameraDecoder> make();
  virtual ~CameraDecoder() = default;
  // Numbers must grow. False: nothing of it can be decoded. Take all pictures before the next one.
  virtual bool feed(const CameraUnit& unit, std::int64_t number) = 0;
  // The end of what belongs together: brings out what is held back. Another feed() begins anew.
  virtual void finish() = 0;
  // The next one in the order of showing, if there is one. `invalid`: a size or pixels that no picture has.
  virtual Result<std::optional<CameraPicture>> next() = 0;
};

}  // namespace netsampler::capture
