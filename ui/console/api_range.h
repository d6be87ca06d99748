// The Range header (RFC 9110 §14) of one file: a whole file, one slice, or a range that no byte of the file satisfies.
#pragma once
#include <cstdint>
#include <string_view>

namespace netsampler {

struct ByteRange {
  enum class Kind { whole, slice, unsatisfiable } kind = Kind::whole;
  std::int64_t first = 0, bytes = 0;  // of a slice
};

// `header` may be empty. Other units, several ranges and broken syntax count as no range at all, as the RFC allows.
ByteRange byte_range(std::string_view header, std::int64_t file_bytes);

}  // namespace netsampler
