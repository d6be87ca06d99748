// A strict walk over ISO base media boxes: only boxes that are expected where they stand, 32-bit sizes that add up exactly.
// Everything else (a second track, an edit list, a stray box, bytes behind the last box) is an error that says so.
#pragma once
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/base/bytes.h"

namespace netsampler::verify {

struct Box {
  std::string_view type;
  ByteView payload;      // behind the 8 bytes of header
  std::size_t bytes = 0;  // header included
};

std::string printable(std::string_view type);
Result<std::vector<Box>> boxes_in(ByteView bytes, std::span<const std::string_view> allowed);
// The one box of that type; none or several is an error.
Result<Box> only(const std::vector<Box>& boxes, std::string_view type);
// What lies in that one box.
Result<ByteView> payload_of(const std::vector<Box>& boxes, std::string_view type);
Result<std::vector<Box>> boxes_of(const std::vector<Box>& boxes, std::string_view type, std::span<const std::string_view> allowed);

// Big-endian fields one after the other; reading behind the end is an error.
class Fields {
 public:
  explicit Fields(ByteView bytes) : rest_(bytes) {}
  Result<std::uint64_t> number(std::size_t bytes);  // 1 to 8 bytes
  Result<void> skip(std::size_t bytes);
  bool at_end() const { return rest_.empty(); }
  ByteView rest() const { return rest_; }

 private:
  ByteView rest_;
};

}  // namespace netsampler::verify
