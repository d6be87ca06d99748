#include "evidence/verify/token_validity.h"

#include <algorithm>

#include "evidence/base/clock.h"

namespace netsampler::verify {

// A renewal stamps a larger tree: from the largest down, each is settled before those that it could renew.
void settle_validity(Job& job, std::vector<Stamp>& stamps) {
  std::ranges::stable_sort(stamps, {}, &Stamp::size);
  std::vector<std::int64_t> earliest(stamps.size() + 1, INT64_MAX);  // genTime of those that count, among it and all behind it
  for (std::size_t i = stamps.size(); i-- > 0;) {
    Stamp& stamp = stamps[i];
    earliest[i] = earliest[i + 1];
    if (!stamp.authority) continue;
    const bool fresh = !stamp.compromised && job.now_us <= stamp.good_until_us;
    const auto over = stamp.leaf ? std::ranges::upper_bound(stamps, *stamp.leaf, {}, &Stamp::size) : stamps.end();
    const std::size_t from = std::max(static_cast<std::size_t>(over - stamps.begin()), i + 1);
    const bool renewed = over != stamps.end() && earliest[from] < stamp.good_until_us;
    if (fresh || renewed) {
      earliest[i] = std::min(earliest[i], stamp.gen_time_us);
      continue;
    }
    stamp.authority.reset();
    job.report.add(stamp.compromised ? Reason::token_compromised : Reason::token_expired, stamp.path, beijing_time(stamp.good_until_us));
  }
}

}  // namespace netsampler::verify
