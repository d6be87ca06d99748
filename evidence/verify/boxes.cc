#include "evidence/verify/boxes.h"

#include <algorithm>

namespace netsampler::verify {
namespace {

constexpr std::size_t kMostBoxes = 64;  // beside each other

}  // namespace

std::string printable(std::string_view type) {
  std::string text;
  for (char c : type) text += c >= ' ' && c < 127 ? c : '?';
  return text;
}

Result<std::vector<Box>> boxes_in(ByteView bytes, std::span<const std::string_view> allowed) {
  std::vector<Box> boxes;
  while (!bytes.empty()) {
    if (boxes.size() == kMostBoxes) return fail(ErrorKind::invalid, "more boxes than any such file has");
    Fields header(bytes);
    const std::uint64_t size = TRY_WITH(header.number(4), "box header");
    if (header.rest().size() < 4) return fail(ErrorKind::invalid, "bytes behind the last box");
    const std::string_view type = as_text(header.rest().first(4));
    if (std::find(allowed.begin(), allowed.end(), type) == allowed.end())
      return fail(ErrorKind::invalid, "a stray box: " + printable(type));
    if (size < 8 || size > bytes.size()) return fail(ErrorKind::invalid, "a box of impossible size: " + printable(type));
    boxes.push_back({type, bytes.subspan(8, size - 8), static_cast<std::size_t>(size)});
    bytes = bytes.subspan(size);
  }
  return boxes;
}

Result<Box> only(const std::vector<Box>& boxes, std::string_view type) {
  const auto is_it = [&](const Box& box) { return box.type == type; };
  const auto count = std::count_if(boxes.begin(), boxes.end(), is_it);
  if (count == 1) return *std::find_if(boxes.begin(), boxes.end(), is_it);
  return fail(ErrorKind::invalid, (count == 0 ? "no box " : "more than one box ") + std::string(type));
}

Result<ByteView> payload_of(const std::vector<Box>& boxes, std::string_view type) {
  const Box box = TRY(only(boxes, type));
  return box.payload;
}

Result<std::vector<Box>> boxes_of(const std::vector<Box>& boxes, std::string_view type,
                                  std::span<const std::string_view> allowed) {
  const ByteView payload = TRY(payload_of(boxes, type));
  return boxes_in(payload, allowed);
}

Result<std::uint64_t> Fields::number(std::size_t bytes) {
  if (rest_.size() < bytes) return fail(ErrorKind::invalid, "a box that ends too early");
  std::uint64_t value = 0;
  for (std::uint8_t byte : rest_.first(bytes)) value = value << 8 | byte;
  rest_ = rest_.subspan(bytes);
  return value;
}

Result<void> Fields::skip(std::size_t bytes) {
  if (rest_.size() < bytes) return fail(ErrorKind::invalid, "a box that ends too early");
  rest_ = rest_.subspan(bytes);
  return {};
}

}  // namespace netsampler::verify
