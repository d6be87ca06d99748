#include "ui/console/api_range.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace netsampler {
namespace {

std::optional<std::int64_t> number(std::string_view digits) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  if (!whole || digits.front() == '-') return std::nullopt;
  return value;
}

ByteRange slice(std::int64_t first, std::int64_t last, std::int64_t file_bytes) {
  if (first >= file_bytes) return {ByteRange::Kind::unsatisfiable, 0, 0};
  return {ByteRange::Kind::slice, first, std::min(last, file_bytes - 1) - first + 1};
}

ByteRange last_bytes(std::int64_t count, std::int64_t file_bytes) {
  if (count == 0 || file_bytes == 0) return {ByteRange::Kind::unsatisfiable, 0, 0};
  return slice(std::max<std::int64_t>(file_bytes - count, 0), file_bytes - 1, file_bytes);
}

}  // namespace

ByteRange byte_range(std::string_view header, std::int64_t file_bytes) {
  constexpr std::string_view unit = "bytes=";
  if (!header.starts_with(unit) || header.find(',') != std::string_view::npos) return {};
  header.remove_prefix(unit.size());
  const std::size_t dash = header.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view from = header.substr(0, dash), to = header.substr(dash + 1);
  const auto first = from.empty() ? std::nullopt : number(from);
  const auto last = to.empty() ? std::nullopt : number(to);
  if ((!from.empty() && !first) || (!to.empty() && !last) || (!first && !last)) return {};
  if (!first) return last_bytes(*last, file_bytes);
  if (last && *last < *first) return {};
  return slice(*first, last.value_or(file_bytes - 1), file_bytes);
}

}  // namespace netsampler
