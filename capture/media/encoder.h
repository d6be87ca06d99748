// Pictures in, H.264 out: by x264 through its own API, which stays in encoder.cc, and where few blocks changed by ourselves (small_pictures.h),
// because x264 takes milliseconds for a picture of nothing but skips. One encoder belongs to one thread; one picture in gives one packet out at
// once: no B-frames, no lookahead, so nothing waits inside when the recording ends.
// Constant QP 20, ultrafast, 4:2:0: small Chinese text stays legible (performance.md), a still block costs a skip bit.
#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "evidence/base/bytes.h"

namespace netsampler::capture {

inline constexpr std::int64_t kTicksPerSecond = 90'000;  // the time base of every source
inline constexpr int kBlock = 16;                        // a macroblock's side, pixels

// BOOTTIME microseconds since the source's start → 90 kHz ticks, rounded down; monotone, never off by more than a tick.
constexpr std::int64_t ticks_of(std::int64_t us) { return us * 9 / 100; }

enum class PixelLayout { nv12, i420 };

// Borrowed planes: nv12 uses planes 0 and 1 (interleaved UV), i420 all three. Strides in bytes. BT.601, limited range.
struct PictureView {
  PixelLayout layout = PixelLayout::nv12;
  const std::uint8_t* planes[3] = {};
  int strides[3] = {};
};

struct EncoderSettings {
  int width = 0, height = 0;  // pixels, even, ≥ 16
  int qp = 20;
  PixelLayout layout = PixelLayout::nv12;
  int frames_per_second = 30;  // the most there will be; times are carried by pts
  bool block_info = false;     // encode() will be told which blocks stand still; NV12 only, qp ≥ 10
};

struct Packet {
  std::int64_t pts = 0;  // ticks; = dts
  bool key = false;      // IDR
  Bytes bytes;           // NAL units, each behind its 4-byte length
};

class Encoder {
 public:
  static Result<std::unique_ptr<Encoder>> open(const EncoderSettings& settings);
  virtual ~Encoder() = default;
  // avcC (ISO/IEC 14496-15): what a container's header needs.
  virtual const Bytes& extradata() const = 0;
  // pts must grow. `changed`: empty, or one byte a macroblock in rows, 0 = exactly as in the previous picture.
  virtual Result<Packet> encode(const PictureView& picture, std::int64_t pts, bool key, std::span<const std::uint8_t> changed) = 0;
};

// Macroblocks across a length of pixels.
constexpr int blocks_of(int pixels) { return (pixels + kBlock - 1) / kBlock; }

}  // namespace netsampler::capture
