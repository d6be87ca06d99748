// X.509 and signatures of time-stamp authorities: the only door to OpenSSL in this folder. Algorithms by dotted OID.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evidence/timestamp/signed_data.h"
#include "evidence/base/crypto.h"

namespace netsampler::timestamp {

struct ChainOutcome {
  enum class Kind { anchored, broken, no_anchor } kind = Kind::no_anchor;
  std::string text = {};            // why not
  std::optional<Hash> anchor = {};  // where anchored; and then:
  std::vector<Bytes> chain = {};    // DER, from the certificate to the anchor
  std::int64_t ends_us = 0;         // UTC: the first notAfter among them
};

// Digest of bytes by OID: SHA-1 (for ESSCertID alone), SHA-256, SHA-384, SHA-512, SM3; empty for any other.
std::optional<Bytes> digest_of(const std::string& oid, ByteView bytes);

// Certificates beside each other, in the order given. Not thread-safe, movable.
class Certificates {
 public:
  // `invalid` where one is not exactly one DER certificate.
  static Result<Certificates> parse(const std::vector<ByteView>& list);
  Certificates(Certificates&&) noexcept;
  Certificates& operator=(Certificates&&) noexcept;
  ~Certificates();

  std::size_t size() const;
  const Hash& sha256_of(std::size_t index) const;
  std::string subject_of(std::size_t index) const;
  std::optional<std::size_t> find(const CertificateId& id) const;
  bool is_named_by(const SignerInfo& signer, std::size_t index) const;  // issuer and serial, or key id
  bool is_time_stamp_signer(std::size_t index) const;                   // EKU critical, timeStamping alone
  bool was_valid(std::size_t index, std::int64_t at_us) const;
  // True where `signature` over `message` is by this certificate's key; algorithm and digest must fit the key and each other.
  bool signed_by(std::size_t index, const SignerInfo& signer, ByteView message) const;
  // From the certificate up to one whose SHA-256 is an anchor, all of it valid at that time, at least 112 bits of security.
  ChainOutcome chain_of(std::size_t index, const std::vector<Hash>& anchors, std::int64_t at_us) const;
  // From the certificate up as far as issuers are there; DER.
  std::vector<Bytes> path_of(std::size_t index) const;

 private:
  struct State;
  explicit Certificates(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace netsampler::timestamp
