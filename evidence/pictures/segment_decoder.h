// Decodes the segments of one source one after the other (libav): each behind the source's init.mp4, one decoder for all, so that
// a segment that begins without a key frame is decoded with the ones before it. What it reads may be hostile: MP4 with H.264 or
// HEVC only, bounded sides, one thread, no other file, no network. Memory: init.mp4, one segment and the decoder's pictures.
#pragma once
#include <functional>
#include <memory>
#include <optional>

#include "evidence/base/bytes.h"
#include "evidence/format/frame_time.h"
#include "evidence/vision/image.h"

namespace netsampler::pictures {

// `segment`: the number its packet was handed over with.
struct SeenPicture {
  std::int64_t segment = 0, pts = 0;  // 90 kHz
  ImageView luma;                     // its brightness, 8 bits a pixel, valid during the call
  std::optional<FrameTime> time;      // what it says of itself; nothing where it says none, or more than one
};
using PictureVisitor = std::function<void(const SeenPicture& picture)>;

enum class Fed { decoded, no_key };  // no_key: needs pictures that are not here; nothing was decoded

class SegmentDecoder {
 public:
  // `invalid` where that is no MP4 header with one track that can be decoded.
  static Result<std::unique_ptr<SegmentDecoder>> open(Bytes init);
  virtual ~SegmentDecoder() = default;
  // Hands over the packets of one segment. A segment that begins with a key frame first brings out what the decoder still holds
  // of those before it. `whole`: the segment before this one was handed over too. `invalid`: bytes that are no segment.
  virtual Result<Fed> feed(std::int64_t number, ByteView segment, bool whole, const PictureVisitor& each) = 0;
  virtual void finish(const PictureVisitor& each) = 0;  // what is still held
  // The picture that a visitor was given last, at most `width` pixels wide, as JPEG. `not_found` before the first.
  virtual Result<Bytes> last_jpeg(int width) const = 0;
};

}  // namespace netsampler::pictures
