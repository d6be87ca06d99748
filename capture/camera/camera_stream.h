// A camera as the recorder sees it: an opener that connects, and a stream that gives one coded picture after the other.
// Two implementations: libav (camera_input.cc) and the tests' own.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "evidence/base/bytes.h"

struct AVCodecParameters;

namespace netsampler::capture {

// What a decoder and a container must know beside the pictures. One object serves all pictures that it describes.
struct CameraFormat {
  std::string codec;     // libav's name: "h264", "hevc", "mjpeg", "rawvideo" …
  Bytes sets;            // h264: its parameter sets, each behind a start code; empty: none have come
  int width = 0, height = 0;                            // pixels; h264: of the parameter sets; 0: not known before decoding
  double declared_rate = 0;                             // pictures a second, as the camera says; 0: it does not
  std::string unfit;                                    // h264: why it cannot be kept as it came, a word (evidence-format.md, `why`); empty: it can
  std::shared_ptr<const AVCodecParameters> parameters;  // for the decoder
  bool h264() const { return codec == "h264"; }
};

// One coded picture. Copies share its bytes.
struct CameraUnit {
  std::shared_ptr<const CameraFormat> format;
  std::shared_ptr<const void> keeper;
  ByteView bytes;          // h264: NAL units behind start codes, without parameter sets; else as the camera sent it
  bool key = false;        // it and what follows can be decoded without what came before
  bool reordered = false;  // it is not shown in the order of decoding
  bool continues = false;  // h264: no picture of its own, but the rest of the one before
  std::int64_t arrived_us = 0;         // BOOTTIME when the bytes were there
  std::optional<std::int64_t> pts_us;  // the stream's own time, where it gives one; any origin
  std::int64_t lost = 0;               // packets that the network lost behind the picture before, or damaged bytes
};

class CameraStream {
 public:
  virtual ~CameraStream() = default;
  // Waits for the next picture; empty where the stream is over (a file's end). `unavailable`: the camera fell silent or went away, or
  // what it sends is nothing.
  virtual Result<std::optional<CameraUnit>> next() = 0;
  // True where its end is the end of the recording (a file), false where it should be opened again (a camera).
  virtual bool ends() const = 0;
};

using CameraOpener = std::function<Result<std::unique_ptr<CameraStream>>()>;

}  // namespace netsampler::capture
