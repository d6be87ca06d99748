// Pictures of a video, one at a time (libav): a fragmented or plain MP4, from a file or from bytes such as init.mp4 followed by
// one or more segments. What it opens may be hostile: only MP4 with H.264 or similar video is looked at, no network, no other files.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "evidence/base/bytes.h"
#include "evidence/vision/image.h"

namespace netsampler {

struct Frame {
  int width = 0, height = 0;
  PixelForm form = PixelForm::bgr;
  std::int64_t pts = 0;  // 90 kHz, as written in the file
  bool key = false;
  Bytes pixels;          // rows without padding
  ImageView view() const { return {pixels.data(), width, height, width * bytes_per_pixel(form), form}; }
};

// One thread at a time. Frames come in the order of their pts.
class FrameReader {
 public:
  // `not_found` where there is no such file; `invalid` where it is no MP4 with one readable video track.
  static Result<FrameReader> open_file(const std::string& path, PixelForm form = PixelForm::bgr);
  static Result<FrameReader> open_bytes(Bytes bytes, PixelForm form = PixelForm::bgr);
  FrameReader(FrameReader&&) noexcept;
  FrameReader& operator=(FrameReader&&) noexcept;
  ~FrameReader();

  // The next picture; empty at the end. A damaged picture is `invalid`, and reading may go on after it.
  Result<std::optional<Frame>> next();
  // The last picture with pts ≤ `pts` (90 kHz), or the first one after it where none is; decodes from where the reader stands.
  Result<Frame> at(std::int64_t pts);

  int width() const;
  int height() const;

 private:
  struct State;
  explicit FrameReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace netsampler
