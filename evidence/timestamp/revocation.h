// Was a certificate of a token's chain revoked, and when? CRLs (RFC 5280) and OCSP responses (RFC 6960) as bytes; pure functions.
// A statement counts where the certificate's issuer signed it, or a responder that this issuer certified for OCSP. Passed over: delta,
// indirect and partial-reason CRLs, unknown critical extensions, SHA-1, RSA-PSS. `invalidityDate` is not looked at.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "evidence/base/crypto.h"

namespace netsampler::timestamp {

inline constexpr std::size_t kRevocationLimitBytes = 1u << 20;  // of one CRL or OCSP response

struct IssuedCertificate {
  Bytes certificate, issuer;  // DER
};

struct RevocationStatement {
  Hash certificate{};             // SHA-256
  std::int64_t until_us = 0;      // UTC: absence of a revocation says something up to here (nextUpdate; where there is none, thisUpdate)
  std::int64_t revoked_us = 0;    // UTC; 0: not revoked
  bool compromised = false;       // reason keyCompromise, cACompromise, aACompromise, or none given (RFC 3161, section 4)
};

// What the bytes say of these certificates; empty where they are neither, or nobody's of them. Any input is safe.
std::vector<RevocationStatement> statements_of(ByteView crl_or_ocsp, const std::vector<IssuedCertificate>& certificates);

struct RevocationVerdict {
  enum class Kind {
    good,         // every certificate but the anchor has a statement that reaches genTime, none is revoked
    unknown,      // none revoked, but not every one has such a statement
    later,        // revoked after genTime for a reason that leaves earlier tokens valid (superseded, cessation …)
    compromised,  // revoked after genTime because a key may be in other hands: only what shows that the token is older helps
    revoked       // revoked at genTime already
  } kind = Kind::good;
  std::int64_t at_us = 0;  // of the (first such) revocation
};

// All that is known of revocation, whichever token it was kept with. Bounded: 256 certificates, 1,000,000 statements.
class RevocationBook {
 public:
  // A token's chain, signer first, anchor last (of which nothing is asked: the policy vouches for it).
  void add_chain(const std::vector<Bytes>& chain);
  // Takes what the bytes say of the chains added so far. False: nothing; they prove nothing.
  bool take(ByteView crl_or_ocsp);
  RevocationVerdict judge(const std::vector<Hash>& chain, std::int64_t gen_time_us) const;

 private:
  void judge_one(const Hash& certificate, std::int64_t gen_time_us, RevocationVerdict& verdict) const;
  std::map<Hash, IssuedCertificate> certificates_;
  std::multimap<Hash, RevocationStatement> statements_;
};

}  // namespace netsampler::timestamp
