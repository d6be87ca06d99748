// The full check of an RFC 3161 response: a pure function of bytes; no network, no clock, no file. RSA and ECDSA tokens
// (SHA-256, SHA-384, SHA-512) and SM2 tokens (SM3, identity 1234567812345678; PKCS#7 or GM/T 0010 signedData).
// Strict: DER of definite length only, one signer, whose digest the list of digest algorithms names, nothing behind the end, at most 1 MiB and 32 certificates.
// Revocation is judged beside it (revocation.h).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evidence/base/crypto.h"

namespace netsampler::timestamp {

inline constexpr std::size_t kResponseLimitBytes = 1u << 20;
inline constexpr const char* kSm2Identity = "1234567812345678";

// Why a response is not accepted. The first that applies, in this order; all but `untrusted` contradict something.
enum class TokenFault {
  none,
  malformed,    // token-malformed: not one DER response within the bounds
  refused,      // token-refused: the authority's status is neither granted nor grantedWithMods
  imprint,      // token-imprint: it stamps other bytes
  nonce,        // token-nonce: it answers another query
  policy,       // token-policy: not the policy asked for
  certificate,  // token-certificate: ESSCertID absent, or it names no certificate that is there, or another one than the signer's
  purpose,      // token-purpose: the signer's EKU is not timeStamping, critical and sole
  signature,    // token-signature: signed attributes or signature do not fit
  chain,        // token-chain: the chain to the anchor does not hold at genTime (a date, a signature, a constraint)
  untrusted     // tsa-untrusted: all of itself holds, but no certificate of its chain is an anchor
};
const char* code_of(TokenFault fault);  // the stable codes above; "" for none

// What a token says of itself. True only where the check found no fault, or `untrusted`.
struct TokenFacts {
  std::int64_t gen_time_us = 0;              // UTC, microseconds since 1970
  std::optional<std::int64_t> accuracy_us;   // ± ; absent where the authority states none
  HashKind imprint_kind = HashKind::sha256;
  Hash imprint{};
  Bytes serial;                              // INTEGER content bytes
  std::optional<Bytes> nonce;                // INTEGER content bytes
  std::string policy;                        // dotted OID
  Hash certificate{};                        // SHA-256 of the signer's certificate; zeros where none was found
  std::string authority;                     // its subject, RFC 2253, one line
  std::vector<Hash> certificates;            // SHA-256 of each certificate that travels in the token
};

struct TokenTrust {
  std::vector<Hash> anchors;                  // SHA-256 of a certificate of the chain: root, an issuer, or the authority's own
  std::vector<Bytes> more_certificates;       // DER, beside those in the token (an anchor that does not travel in it); what is none is passed over
};

struct TokenExpectation {
  std::optional<Bytes> nonce;  // of our query, where it is still known
  std::string policy;          // dotted OID; empty: any
};

struct TokenCheck {
  TokenFault fault = TokenFault::malformed;
  std::string text;  // one line for a person: why; empty where accepted
  TokenFacts facts;
  std::optional<Hash> anchor;  // the anchor its chain ends at
  // DER, the signer's certificate first. Accepted: to the anchor; `untrusted`: as far as issuers are there; else empty.
  std::vector<Bytes> chain;
  std::int64_t chain_ends_us = 0;  // accepted: UTC of the first notAfter in the chain; 0 otherwise
  bool accepted() const { return fault == TokenFault::none; }
};

// `response`: a DER TimeStampResp (what .tsr files hold). `stamped`: the bytes whose SHA-256 (or SM3, where the token says so)
// must be its imprint. Any input is safe.
TokenCheck check_response(ByteView response, ByteView stamped, const TokenTrust& trust, const TokenExpectation& expected = {});

// What the response says, nothing of it checked (which bytes does it claim to stamp?). `invalid` where it is no granted response.
Result<TokenFacts> read_response(ByteView response);

}  // namespace netsampler::timestamp
