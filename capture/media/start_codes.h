// Where NAL units begin that stand behind start codes (ITU-T H.264, Annex B): 00 00 01, or with another zero before it.
#pragma once
#include <cstddef>
#include <cstring>

#include "evidence/base/bytes.h"

namespace netsampler::capture {

inline constexpr std::size_t kStartCodeBytes = 3;  // the zero before it is not counted

// The place of the next 00 00 01 at or behind `from`; the size where there is none.
inline std::size_t next_start_code(ByteView bytes, std::size_t from) {
  for (std::size_t one = from + 2; one < bytes.size(); ++one) {
    const void* found = std::memchr(bytes.data() + one, 1, bytes.size() - one);
    if (found == nullptr) break;
    one = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes.data());
    if (bytes[one - 1] == 0 && bytes[one - 2] == 0) return one - 2;
  }
  return bytes.size();
}

}  // namespace netsampler::capture
