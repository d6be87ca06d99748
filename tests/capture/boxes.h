// Just enough of ISO/IEC 14496-12 to look into a segment: the first box along a path of types.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "evidence/base/bytes.h"

namespace netsampler::capture {

inline std::uint64_t big_endian(ByteView bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
  return value;
}

// The content (behind size and type) of the first box at the path; empty where there is none.
inline std::optional<ByteView> box_at(ByteView bytes, const std::vector<std::string>& path) {
  for (const auto& type : path) {
    std::optional<ByteView> found;
    for (std::size_t at = 0; !found && at + 8 <= bytes.size();) {
      const std::uint64_t size = big_endian(bytes, at, 4);
      if (size < 8 || at + size > bytes.size()) return std::nullopt;
      if (as_text(bytes.subspan(at + 4, 4)) == type) found = bytes.subspan(at + 8, size - 8);
      at += size;
    }
    if (!found) return std::nullopt;
    bytes = *found;
  }
  return bytes;
}

inline std::vector<std::string> top_boxes(ByteView bytes) {
  std::vector<std::string> types;
  for (std::size_t at = 0; at + 8 <= bytes.size();) {
    types.emplace_back(as_text(bytes.subspan(at + 4, 4)));
    const std::uint64_t size = big_endian(bytes, at, 4);
    if (size < 8) break;
    at += size;
  }
  return types;
}

// tfdt: when the segment's first frame is shown, ticks.
inline std::optional<std::uint64_t> decode_time(ByteView segment) {
  const auto box = box_at(segment, {"moof", "traf", "tfdt"});
  if (!box || box->size() < 8) return std::nullopt;
  return (*box)[0] == 1 ? big_endian(*box, 4, 8) : big_endian(*box, 4, 4);
}

}  // namespace netsampler::capture
