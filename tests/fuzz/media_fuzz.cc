// init.mp4 and a segment. Input: two bytes of init's length (big-endian), init, segment. A header that is refused is replaced by
// a sound one, so that segments are reached.
#include "evidence/verify/media.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

namespace {

verify::InitFacts sound_init() {
  verify::InitFacts init;
  init.time_scale = 90'000, init.width = 64, init.height = 48, init.track = 1, init.codec = "h264";
  return init;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const ByteView bytes(data + 2, size - 2);
  const std::size_t length = std::min<std::size_t>(static_cast<std::size_t>(data[0]) << 8 | data[1], bytes.size());
  const auto init = verify::read_init(bytes.first(length));
  const auto segment = verify::read_segment(bytes.subspan(length), init.ok() ? *init : sound_init());
  if (!segment.ok()) return 0;
  fuzz::require(segment->frames > 0, "a segment has frames");
  fuzz::require(segment->first_pts >= 0 && segment->end_pts >= segment->first_pts, "time runs forward");
  fuzz::require(segment->longest >= segment->last_duration && segment->last_duration >= 0, "the longest is the longest");
  return 0;
}
