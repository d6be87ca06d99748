#include "evidence/verify/token_check.h"

#include <algorithm>

#include "evidence/timestamp/revocation.h"
#include "evidence/timestamp/token.h"
#include "evidence/verify/token_validity.h"

namespace netsampler::verify {
namespace {

using timestamp::TokenFault;
constexpr std::int64_t kWholeSecondUs = 1'000'000;
constexpr std::size_t kBytesAToken = sizeof(Stamp) + 600;  // its path, certificates' hashes, its leaf
constexpr std::size_t kStampsKept = 100'000;
constexpr std::size_t kCertificateBytes = 65536, kCertificatesKept = 32;

bool is_certificate(const std::string& path) { return path.ends_with(".cer") || path.ends_with(".crt") || path.ends_with(".der"); }
bool is_revocation(const std::string& path) { return path.ends_with(".crl") || path.ends_with(".ocsp"); }

class TokenChecks {
 public:
  TokenChecks(Job& job, const LogFiles& files, const std::vector<SignedCheckpoint>& checkpoints, const WantedLeaves& leaves)
      : job_(job), files_(files), checkpoints_(checkpoints), leaves_(leaves) {
    if (job.policy != nullptr)
      for (const auto& tsa : job.policy->tsas) trust_.anchors.push_back(tsa.certificate);
  }

  Result<std::vector<Stamp>> run() {
    TRY(keep_certificates());
    for (const TokenFile& file : files_.tokens) TRY(token(file));
    for (const std::string& path : files_.beside) TRY(beside(path));
    judge_revocation();
    settle_validity(job_, stamps_);
    return std::move(stamps_);
  }

 private:
  // Certificates kept with any token serve all tokens.
  Result<void> keep_certificates() {
    std::set<Hash> kept;
    for (const std::string& path : files_.beside) {
      if (!is_certificate(path) || trust_.more_certificates.size() >= kCertificatesKept) continue;
      auto bytes = TRY(read(path, kCertificateBytes));
      if (bytes && kept.insert(sha256(*bytes)).second) trust_.more_certificates.push_back(std::move(*bytes));
    }
    return {};
  }

  Result<void> token(const TokenFile& file) {
    const auto bytes = TRY(read(file.path, timestamp::kResponseLimitBytes));
    if (!bytes) {
      job_.report.add(Reason::token_invalid, file.path, "token-malformed");
      return {};
    }
    const SignedCheckpoint* checkpoint = find(file.size);
    const timestamp::TokenCheck check = check_against(*bytes, checkpoint);
    TRY(job_.room.take(kBytesAToken, "tokens"));
    judge(file, *bytes, checkpoint != nullptr, check);
    return {};
  }

  const SignedCheckpoint* find(std::uint64_t size) const {
    const auto found = std::ranges::find(checkpoints_, size, &SignedCheckpoint::size);
    return found == checkpoints_.end() ? nullptr : &*found;
  }

  timestamp::TokenCheck check_against(const Bytes& response, const SignedCheckpoint* checkpoint) const {
    const std::string note = checkpoint == nullptr ? "" : checkpoint->note;
    auto check = timestamp::check_response(response, as_bytes(note), trust_);
    if (check.fault != TokenFault::imprint || checkpoint == nullptr) return check;
    return timestamp::check_response(response, as_bytes(without_cosignatures(note)), trust_);
  }

  void judge(const TokenFile& file, const Bytes& response, bool bound, const timestamp::TokenCheck& check) {
    const bool sound = check.accepted() || check.fault == TokenFault::untrusted;
    if (check.fault == TokenFault::imprint || (sound && !bound)) return job_.report.add(Reason::token_unbound, file.path);
    if (!sound) return job_.report.add(Reason::token_invalid, file.path, timestamp::code_of(check.fault) + (": " + check.text));
    if (!check.accepted()) job_.report.add(Reason::tsa_untrusted, file.path, check.facts.authority);
    if (stamps_.size() >= kStampsKept) return job_.report.add(Reason::token_unbound, file.path, "more tokens than are kept");
    const Hash hash = sha256(response);
    const auto leaf = leaves_.find(log_leaf_hash(text_of(token_leaf(hash))));
    stamps_.push_back({file.size, check.facts.gen_time_us, check.facts.accuracy_us.value_or(0) + kWholeSecondUs, hash,
                       check.accepted() ? check.anchor : std::nullopt, leaf == leaves_.end() ? std::nullopt : leaf->second, check.chain_ends_us,
                       false, file.path});
    keep_chain(check);
  }

  void keep_chain(const timestamp::TokenCheck& check) {
    known_.insert(check.facts.certificates.begin(), check.facts.certificates.end());
    std::vector<Hash> chain;
    for (const Bytes& certificate : check.chain) chain.push_back(sha256(certificate));
    known_.insert(chain.begin(), chain.end());
    if (check.accepted()) revocations_.add_chain(check.chain);
    chains_.push_back(chains_known_.insert(std::move(chain)).first);
  }

  // A file within the bound; nothing where it is larger.
  Result<std::optional<Bytes>> read(const std::string& path, std::size_t limit_bytes) {
    if (job_.tree.files().at(path) > static_cast<std::int64_t>(limit_bytes)) return std::optional<Bytes>();
    Bytes bytes = TRY(job_.tree.read(path, limit_bytes));
    return std::optional(std::move(bytes));
  }

  // A certificate proves itself where a token carries it, its chain needs it or the policy names it; a CRL or OCSP response by the
  // signature of an issuer in a trusted token's chain.
  Result<void> beside(const std::string& path) {
    const bool certificate = is_certificate(path);
    if (!certificate && !is_revocation(path)) {
      job_.report.add(Reason::uncovered, path);
      return {};
    }
    const auto bytes = TRY(read(path, certificate ? kCertificateBytes : timestamp::kRevocationLimitBytes));
    const bool proven = bytes && (certificate ? is_known(sha256(*bytes)) : revocations_.take(*bytes));
    if (!proven) job_.report.add(Reason::uncovered, path);
    return {};
  }
  bool is_known(const Hash& certificate) const {
    return known_.contains(certificate) || std::ranges::count(trust_.anchors, certificate) > 0;
  }

  void judge_revocation() {
    std::int64_t unknown = 0, later = 0;
    using Kind = timestamp::RevocationVerdict::Kind;
    for (std::size_t i = 0; i < stamps_.size(); ++i) {
      Stamp& stamp = stamps_[i];
      if (!stamp.authority) continue;
      const auto verdict = revocations_.judge(*chains_[i], stamp.gen_time_us);
      if (verdict.kind == Kind::revoked) refuse(stamp);
      if (verdict.kind == Kind::compromised) compromise(stamp, verdict.at_us);
      unknown += verdict.kind == Kind::unknown ? 1 : 0;
      later += verdict.kind == Kind::later ? 1 : 0;
    }
    if (unknown > 0) job_.report.add(Reason::revocation_unknown, "", std::to_string(unknown) + " of " + std::to_string(stamps_.size()) + " tokens");
    if (later > 0) job_.report.add(Reason::revoked_later, "", std::to_string(later) + " of " + std::to_string(stamps_.size()) + " tokens");
  }
  void refuse(Stamp& stamp) {
    stamp.authority.reset();
    job_.report.add(Reason::token_invalid, stamp.path, "token-revoked: a certificate of its chain was revoked before it was made");
  }
  static void compromise(Stamp& stamp, std::int64_t at_us) {
    stamp.compromised = at_us <= stamp.good_until_us;
    stamp.good_until_us = std::min(stamp.good_until_us, at_us);
  }

  using Chains = std::set<std::vector<Hash>>;
  Job& job_;
  const LogFiles& files_;
  const std::vector<SignedCheckpoint>& checkpoints_;
  const WantedLeaves& leaves_;
  timestamp::TokenTrust trust_;
  timestamp::RevocationBook revocations_;
  std::vector<Stamp> stamps_;
  Chains chains_known_;
  std::vector<Chains::iterator> chains_;  // of each stamp: certificates from the signer's to the anchor
  std::set<Hash> known_;
};

}  // namespace

Result<WantedLeaves> token_leaves(Job& job, const LogFiles& files) {
  WantedLeaves wanted;
  for (const TokenFile& file : files.tokens) {
    if (job.tree.files().at(file.path) > static_cast<std::int64_t>(timestamp::kResponseLimitBytes) || wanted.size() >= kStampsKept) continue;
    const Bytes bytes = TRY(job.tree.read(file.path, timestamp::kResponseLimitBytes));
    wanted.try_emplace(log_leaf_hash(text_of(token_leaf(sha256(bytes)))));
  }
  return wanted;
}

Result<std::vector<Stamp>> check_tokens(Job& job, const LogFiles& files, const std::vector<SignedCheckpoint>& checkpoints,
                                        const WantedLeaves& leaves) {
  TokenChecks checks(job, files, checkpoints, leaves);
  return checks.run();
}

}  // namespace netsampler::verify
