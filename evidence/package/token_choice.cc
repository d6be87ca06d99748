#include "evidence/package/token_choice.h"

#include <algorithm>
#include <limits>

namespace netsampler {
namespace {

using GenTime = std::function<std::optional<std::int64_t>(std::uint64_t)>;

// The last of `sizes` behind `from` whose token is at most a day younger; the next one where none is, or where a time cannot be told; behind the last, the end.
std::size_t renewal_of(std::span<const std::uint64_t> sizes, std::size_t from, const GenTime& gen_time_us) {
  const auto begin = gen_time_us(sizes[from]);
  const auto within = [&](std::uint64_t size) {
    const auto time = gen_time_us(size);
    return begin && time && *time - *begin <= kRenewalStepUs;
  };
  const auto behind = sizes.subspan(from + 1);
  const auto end = std::partition_point(behind.begin(), behind.end(), within);
  return from + std::max<std::size_t>(1, static_cast<std::size_t>(end - behind.begin()));
}

}  // namespace

std::set<std::uint64_t> choose_tokens(std::span<const std::uint64_t> sizes, std::span<const LeafSpan> spans,
                                      const std::function<std::optional<std::int64_t>(std::uint64_t)>& gen_time_us) {
  std::set<std::uint64_t> chosen;
  const auto take = [&](std::size_t from, std::size_t to) { chosen.insert(sizes.begin() + static_cast<std::ptrdiff_t>(from), sizes.begin() + static_cast<std::ptrdiff_t>(std::min(to, sizes.size()))); };
  const auto above = [&](std::uint64_t leaf) { return static_cast<std::size_t>(std::ranges::upper_bound(sizes, leaf) - sizes.begin()); };
  std::size_t earliest = std::numeric_limits<std::size_t>::max();
  for (const auto& span : spans) {
    const std::size_t from = std::max<std::size_t>(above(span.first), 1) - 1;
    earliest = std::min(earliest, from);
    take(from, above(span.last) + kTokensBehind);
  }
  for (std::size_t at = earliest; at < sizes.size(); at = renewal_of(sizes, at, gen_time_us)) take(at, at + 1);
  take(sizes.size() - std::min(sizes.size(), kTokensBehind), sizes.size());
  return chosen;
}

}  // namespace netsampler
