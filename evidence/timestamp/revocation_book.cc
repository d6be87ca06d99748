#include <algorithm>

#include "evidence/timestamp/revocation.h"

namespace netsampler::timestamp {
namespace {

constexpr std::size_t kCertificates = 256, kStatements = 1'000'000;
using Kind = RevocationVerdict::Kind;

// The graver verdict stays; of two alike the earlier revocation.
void take_verdict(RevocationVerdict& verdict, Kind kind, std::int64_t at_us) {
  if (kind > verdict.kind)
    verdict = {kind, at_us};
  else if (kind == verdict.kind && at_us > 0)
    verdict.at_us = std::min(verdict.at_us, at_us);
}

Kind kind_of(const RevocationStatement& statement, std::int64_t gen_time_us) {
  if (statement.revoked_us <= gen_time_us) return Kind::revoked;
  return statement.compromised ? Kind::compromised : Kind::later;
}

}  // namespace

void RevocationBook::add_chain(const std::vector<Bytes>& chain) {
  for (std::size_t i = 0; i + 1 < chain.size() && certificates_.size() < kCertificates; ++i)
    certificates_.try_emplace(sha256(chain[i]), IssuedCertificate{chain[i], chain[i + 1]});
}

bool RevocationBook::take(ByteView crl_or_ocsp) {
  std::vector<IssuedCertificate> asked;
  for (const auto& [hash, one] : certificates_) asked.push_back(one);
  const auto said = statements_of(crl_or_ocsp, asked);
  for (const auto& one : said)
    if (statements_.size() < kStatements) statements_.emplace(one.certificate, one);
  return !said.empty();
}

void RevocationBook::judge_one(const Hash& certificate, std::int64_t gen_time_us, RevocationVerdict& verdict) const {
  bool reaches = false;
  const auto [first, last] = statements_.equal_range(certificate);
  for (auto at = first; at != last; ++at) {
    const RevocationStatement& statement = at->second;
    if (statement.revoked_us != 0) take_verdict(verdict, kind_of(statement, gen_time_us), statement.revoked_us);
    reaches = reaches || statement.revoked_us != 0 || statement.until_us >= gen_time_us;
  }
  if (!reaches) take_verdict(verdict, Kind::unknown, 0);
}

RevocationVerdict RevocationBook::judge(const std::vector<Hash>& chain, std::int64_t gen_time_us) const {
  RevocationVerdict verdict;
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) judge_one(chain[i], gen_time_us, verdict);
  return verdict;
}

}  // namespace netsampler::timestamp
