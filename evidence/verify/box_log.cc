#include "evidence/verify/box_log.h"

#include <algorithm>

namespace netsampler::verify {

std::span<const LoggedHead> BoxLog::heads_of(const Hash& tag) const {
  const auto by_tag = [](const LoggedHead& head) { return head.tag; };
  return {std::ranges::lower_bound(heads, tag, {}, by_tag), std::ranges::upper_bound(heads, tag, {}, by_tag)};  // clang 14 has no equal_range
}

void BoxLog::take_stamps(std::vector<Stamp> list) {
  stamps = std::move(list);
  std::ranges::stable_sort(stamps, {}, &Stamp::size);
  first_from.assign(stamps.size(), stamps.size());
  std::size_t first = stamps.size();
  for (std::size_t i = stamps.size(); i-- > 0;) {
    const bool earlier = first == stamps.size() || stamps[i].gen_time_us <= stamps[first].gen_time_us;
    if (stamps[i].authority && earlier) first = i;
    first_from[i] = first;
  }
}

const Stamp* BoxLog::first_over(std::uint64_t leaf) const {
  const auto from = std::ranges::upper_bound(stamps, leaf, {}, &Stamp::size);
  if (from == stamps.end()) return nullptr;
  const std::size_t first = first_from[static_cast<std::size_t>(from - stamps.begin())];
  return first == stamps.size() ? nullptr : &stamps[first];
}

bool BoxLog::any_over(std::uint64_t leaf) const { return !stamps.empty() && stamps.back().size > leaf; }

std::int64_t BoxLog::authorities_over(std::uint64_t leaf) const {
  std::set<Hash> names;
  for (const Stamp& stamp : stamps)
    if (stamp.authority && stamp.size > leaf) names.insert(*stamp.authority);
  return static_cast<std::int64_t>(names.size());
}

const Stamp* BoxLog::find(const Hash& response) const {
  const auto found = std::find_if(stamps.begin(), stamps.end(), [&](const Stamp& stamp) { return stamp.response == response; });
  return found == stamps.end() ? nullptr : &*found;
}

}  // namespace netsampler::verify
