// Which of a box's time stamps go along with a case. A box in use makes one a minute: a case exported after years would carry hundreds of thousands that say nothing of it.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>

namespace netsampler {

// Leaves of the box log, by number: of a recording from its first to its last; of a book each by itself.
struct LeafSpan {
  std::uint64_t first = 0, last = 0;
};

inline constexpr std::size_t kTokensBehind = 4;                              // behind each span: bounds by several authorities (policy line tsa-quorum)
inline constexpr std::int64_t kRenewalStepUs = std::int64_t{24} * 3600 * 1'000'000;  // a day

// `sizes`: of the checkpoints that have a token, growing. `gen_time_us`: of the token over that size; nothing where it cannot be told.
// Chosen: for each span the newest at or before its first leaf (the screen shows it when a recording begins), all up to its last leaf, four behind; from the earliest of these on
// one a day, so that each is renewed by the next (RFC 4998) long before a certificate ends; and the newest four.
std::set<std::uint64_t> choose_tokens(std::span<const std::uint64_t> sizes, std::span<const LeafSpan> spans,
                                      const std::function<std::optional<std::int64_t>(std::uint64_t)>& gen_time_us);

}  // namespace netsampler
