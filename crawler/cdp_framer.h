// Cuts the byte stream of Chromium's debugging pipe into messages. On the wire: one JSON text, one NUL, and so on. A message may
// arrive in any number of parts; one longer than the limit is a fault of the stream, after which the framer is used up.
#pragma once
#include <string>
#include <vector>

#include "evidence/base/bytes.h"

namespace netsampler {

inline constexpr std::size_t kCdpMessageLimit = 256u << 20;  // bytes

class CdpFramer {
 public:
  explicit CdpFramer(std::size_t limit_bytes = kCdpMessageLimit) : limit_bytes_(limit_bytes) {}
  // The messages that `part` completes, in order, without their NUL. `invalid` where one is longer than the limit or empty.
  Result<std::vector<std::string>> feed(ByteView part);
  std::size_t held_bytes() const { return held_.size(); }

 private:
  std::size_t limit_bytes_;
  std::string held_;
  bool broken_ = false;
};

}  // namespace netsampler
