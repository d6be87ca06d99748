#include "capture/clock/clock_agreement.h"

#include <algorithm>
#include <cstdlib>

namespace netsampler::capture {
namespace {

bool apart(const OffsetClaim& a, const OffsetClaim& b) {
  return std::abs(a.offset_us - b.offset_us) > a.distance_us + b.distance_us + kClaimSlack_us;
}

std::int64_t bound_of_all_us(const OffsetClaim& main, const std::vector<OffsetClaim>& servers) {
  std::int64_t all_us = bound_us(main);
  for (const auto& server : servers) all_us = std::max(all_us, bound_us(server));
  return all_us;
}

}  // namespace

OffsetClaim claim_of(const ChronyTracking& tracking) {
  return {tracking.offset_us, tracking.root_dispersion_us + (tracking.root_delay_us + 1) / 2};
}
OffsetClaim claim_of(const SntpAnswer& server) { return {server.offset_us, (server.delay_us + 1) / 2 + server.dispersion_us}; }
std::int64_t bound_us(const OffsetClaim& claim) { return std::abs(claim.offset_us) + claim.distance_us; }

Agreement agreement_of(const std::optional<ChronyTracking>& tracking, const std::vector<SntpAnswer>& servers, const KernelTime& kernel) {
  Agreement found;
  if (!tracking && servers.empty()) return found;
  const OffsetClaim main = tracking ? claim_of(*tracking) : claim_of(servers[servers.size() / 2]);
  found.error_us = bound_us(main);
  std::vector<OffsetClaim> claims;
  for (const auto& server : servers) claims.push_back(claim_of(server));
  const auto against = static_cast<std::size_t>(std::count_if(claims.begin(), claims.end(), [&](const auto& one) { return apart(one, main); }));
  const bool kernel_against = kernel.synchronised && apart({0, kernel.error_us}, main);
  const std::size_t compared = servers.size() - (tracking ? 0 : 1) + (kernel.synchronised ? 1 : 0);
  if (compared > 0) found.word = "agree";
  if (against > 0) found.word = "outvoted";
  const bool outvoted = against * 2 < servers.size();
  if (!kernel_against && (against == 0 || outvoted)) return found;
  found.word = "contradict";
  found.error_us = bound_of_all_us(main, claims);
  found.deposed = against * 2 > servers.size();
  return found;
}

}  // namespace netsampler::capture
