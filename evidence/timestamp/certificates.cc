#include "evidence/timestamp/certificates.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <ctime>

#include "evidence/timestamp/owned.h"
#include "evidence/timestamp/token.h"

namespace netsampler::timestamp {
namespace {

using X509Ptr = Owned<X509, X509_free>;
using StorePtr = Owned<X509_STORE, X509_STORE_free>;
using ContextPtr = Owned<X509_STORE_CTX, X509_STORE_CTX_free>;
using DigestContextPtr = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using BioPtr = Owned<BIO, BIO_free_all>;
struct StackFree {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using StackPtr = std::unique_ptr<STACK_OF(X509), StackFree>;

struct DigestName {
  const char* oid;
  const char* name;
};
constexpr DigestName kDigests[] = {{"1.3.14.3.2.26", "SHA1"},
                                   {"2.16.840.1.101.3.4.2.1", "SHA256"},
                                   {"2.16.840.1.101.3.4.2.2", "SHA384"},
                                   {"2.16.840.1.101.3.4.2.3", "SHA512"},
                                   {"1.2.156.10197.1.401", "SM3"}};

const char* digest_name(const std::string& oid) {
  for (const auto& digest : kDigests)
    if (oid == digest.oid) return digest.name;
  return nullptr;
}

// A signature algorithm, the kind of key it needs, and the digest it implies ("" where it implies none).
struct SignatureName {
  const char* oid;
  const char* key;
  const char* digest;
};
constexpr SignatureName kSignatures[] = {{"1.2.840.113549.1.1.1", "RSA", ""},
                                         {"1.2.840.113549.1.1.11", "RSA", "SHA256"},
                                         {"1.2.840.113549.1.1.12", "RSA", "SHA384"},
                                         {"1.2.840.113549.1.1.13", "RSA", "SHA512"},
                                         {"1.2.840.10045.2.1", "EC", ""},
                                         {"1.2.840.10045.4.3.2", "EC", "SHA256"},
                                         {"1.2.840.10045.4.3.3", "EC", "SHA384"},
                                         {"1.2.840.10045.4.3.4", "EC", "SHA512"},
                                         {"1.2.840.10045.2.1", "SM2", "SM3"},
                                         {"1.2.156.10197.1.501", "SM2", "SM3"},
                                         {"1.2.156.10197.1.301", "SM2", "SM3"},
                                         {"1.2.156.10197.1.301.1", "SM2", "SM3"}};

// Do algorithm, digest and key belong together? SHA-1 and SM3 under another key than SM2 are not accepted.
bool fits(EVP_PKEY* key, const std::string& algorithm, const char* digest) {
  if (digest == nullptr || std::strcmp(digest, "SHA1") == 0) return false;
  return std::any_of(std::begin(kSignatures), std::end(kSignatures), [&](const SignatureName& known) {
    if (algorithm != known.oid || EVP_PKEY_is_a(key, known.key) != 1) return false;
    return *known.digest == '\0' ? std::strcmp(digest, "SM3") != 0 : std::strcmp(digest, known.digest) == 0;
  });
}

// OpenSSL 3.0 checks an SM2 signature under the empty identity unless told, also in certificates.
bool give_identity(X509* certificate) {
  if (X509_get_signature_nid(certificate) != NID_SM2_with_SM3) return true;
  ASN1_OCTET_STRING* identity = ASN1_OCTET_STRING_new();
  if (identity == nullptr || ASN1_OCTET_STRING_set(identity, reinterpret_cast<const unsigned char*>(kSm2Identity), -1) != 1) {
    ASN1_OCTET_STRING_free(identity);
    return false;
  }
  X509_set0_distinguishing_id(certificate, identity);
  return true;
}

X509Ptr parse_one(ByteView der) {
  const unsigned char* at = der.data();
  X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (certificate == nullptr || at != der.data() + der.size() || !give_identity(certificate.get())) return nullptr;
  return certificate;
}

bool equal(const ASN1_STRING* string, ByteView bytes) {
  const ByteView have(ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string)));
  return std::equal(have.begin(), have.end(), bytes.begin(), bytes.end());
}

bool same_name(const X509_NAME* name, ByteView der) {
  const unsigned char* bytes = nullptr;
  std::size_t size = 0;
  if (X509_NAME_get0_der(name, &bytes, &size) != 1) return false;
  return std::equal(bytes, bytes + size, der.begin(), der.end());
}

bool same_serial(const X509* certificate, ByteView serial) {
  unsigned char* bytes = nullptr;
  const int size = i2d_ASN1_INTEGER(X509_get0_serialNumber(certificate), &bytes);
  if (size < 2) return false;
  const ByteView whole(bytes, static_cast<std::size_t>(size));
  DerReader reader(whole);
  const auto value = reader.next();
  const bool same = value.ok() && std::equal(value->content.begin(), value->content.end(), serial.begin(), serial.end());
  OPENSSL_free(bytes);
  return same;
}

// What OpenSSL says where the way up ends without an anchor; any other word is a chain that does not hold.
bool is_missing_anchor(int error) {
  switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return true;
    default:
      return false;
  }
}

void set_rules(X509_STORE_CTX* context, std::int64_t at_us) {
  constexpr int kAuthLevel = 2;  // 112 bits: RSA from 2048 on, no SHA-1
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_TIMESTAMP_SIGN);
  X509_VERIFY_PARAM_set_auth_level(rules, kAuthLevel);
  X509_VERIFY_PARAM_set_depth(rules, static_cast<int>(kCertificateLimit));
  X509_VERIFY_PARAM_set_time(rules, static_cast<time_t>(at_us / 1'000'000));
}

Bytes der_of(const X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  Bytes der(bytes, bytes + std::max(size, 0));
  OPENSSL_free(bytes);
  return der;
}

std::int64_t end_us(const X509* certificate) {
  tm parts{};
  return ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) == 1 ? static_cast<std::int64_t>(timegm(&parts)) * 1'000'000 : 0;
}

ChainOutcome outcome_of(X509_STORE_CTX* context, int verified, const std::vector<Hash>& anchors) {
  if (verified != 1) {
    const int error = X509_STORE_CTX_get_error(context);
    return {is_missing_anchor(error) ? ChainOutcome::Kind::no_anchor : ChainOutcome::Kind::broken,
            X509_verify_cert_error_string(error)};
  }
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context);
  ChainOutcome outcome;
  outcome.ends_us = INT64_MAX;
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    const X509* certificate = sk_X509_value(chain, i);
    outcome.chain.push_back(der_of(certificate));
    outcome.ends_us = std::min(outcome.ends_us, end_us(certificate));
    const Hash hash = sha256(outcome.chain.back());
    if (std::find(anchors.begin(), anchors.end(), hash) == anchors.end()) continue;
    outcome.kind = ChainOutcome::Kind::anchored;
    outcome.anchor = hash;
    return outcome;
  }
  return {ChainOutcome::Kind::no_anchor, "no certificate of the chain is an anchor"};
}

}  // namespace

std::optional<Bytes> digest_of(const std::string& oid, ByteView bytes) {
  const char* name = digest_name(oid);
  if (name == nullptr) return std::nullopt;
  Bytes out(EVP_MAX_MD_SIZE);
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, name, nullptr, bytes.data(), bytes.size(), out.data(), &size) != 1) return std::nullopt;
  out.resize(size);
  return out;
}

struct Certificates::State {
  std::vector<X509Ptr> list;
  std::vector<Hash> hashes;
  std::vector<ByteView> der;
};

Certificates::Certificates(std::unique_ptr<State> state) : state_(std::move(state)) {}
Certificates::Certificates(Certificates&&) noexcept = default;
Certificates& Certificates::operator=(Certificates&&) noexcept = default;
Certificates::~Certificates() = default;

Result<Certificates> Certificates::parse(const std::vector<ByteView>& list) {
  auto state = std::make_unique<State>();
  for (const ByteView der : list) {
    X509Ptr certificate = parse_one(der);
    if (certificate == nullptr) return fail(ErrorKind::invalid, "a certificate that cannot be read");
    state->list.push_back(std::move(certificate));
    state->hashes.push_back(sha256(der));
    state->der.push_back(der);
  }
  return Certificates(std::move(state));
}

std::size_t Certificates::size() const { return state_->list.size(); }
const Hash& Certificates::sha256_of(std::size_t index) const { return state_->hashes[index]; }

std::string Certificates::subject_of(std::size_t index) const {
  const BioPtr out(BIO_new(BIO_s_mem()));
  if (out == nullptr || X509_NAME_print_ex(out.get(), X509_get_subject_name(state_->list[index].get()), 0,
                                           XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
    return "";
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

std::optional<std::size_t> Certificates::find(const CertificateId& id) const {
  for (std::size_t i = 0; i < size(); ++i) {
    const auto digest = digest_of(id.digest, state_->der[i]);
    if (digest.has_value() && std::equal(digest->begin(), digest->end(), id.hash.begin(), id.hash.end())) return i;
  }
  return std::nullopt;
}

bool Certificates::is_named_by(const SignerInfo& signer, std::size_t index) const {
  X509* certificate = state_->list[index].get();
  if (signer.issuer.empty()) {
    const ASN1_OCTET_STRING* key_id = X509_get0_subject_key_id(certificate);
    return key_id != nullptr && equal(key_id, signer.key_id);
  }
  return same_name(X509_get_issuer_name(certificate), signer.issuer) && same_serial(certificate, signer.serial);
}

bool Certificates::is_time_stamp_signer(std::size_t index) const {
  X509* certificate = state_->list[index].get();
  const int at = X509_get_ext_by_NID(certificate, NID_ext_key_usage, -1);
  if (at < 0 || X509_EXTENSION_get_critical(X509_get_ext(certificate, at)) != 1) return false;
  return X509_get_extended_key_usage(certificate) == XKU_TIMESTAMP &&
         X509_check_purpose(certificate, X509_PURPOSE_TIMESTAMP_SIGN, 0) == 1;
}

bool Certificates::was_valid(std::size_t index, std::int64_t at_us) const {
  const X509* certificate = state_->list[index].get();
  time_t at = static_cast<time_t>(at_us / 1'000'000);
  return X509_cmp_time(X509_get0_notBefore(certificate), &at) < 0 && X509_cmp_time(X509_get0_notAfter(certificate), &at) > 0;
}

bool Certificates::signed_by(std::size_t index, const SignerInfo& signer, ByteView message) const {
  EVP_PKEY* key = X509_get0_pubkey(state_->list[index].get());
  const char* digest = digest_name(signer.digest);
  if (key == nullptr || !fits(key, signer.algorithm, digest)) return false;
  std::string identity = kSm2Identity;
  const OSSL_PARAM with_identity[] = {
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_DIST_ID, identity.data(), identity.size()), OSSL_PARAM_construct_end()};
  const DigestContextPtr context(EVP_MD_CTX_new());
  if (context == nullptr || EVP_DigestVerifyInit_ex(context.get(), nullptr, digest, nullptr, nullptr, key,
                                                    EVP_PKEY_is_a(key, "SM2") == 1 ? with_identity : nullptr) != 1)
    return false;
  return EVP_DigestVerify(context.get(), signer.signature.data(), signer.signature.size(), message.data(), message.size()) == 1;
}

ChainOutcome Certificates::chain_of(std::size_t index, const std::vector<Hash>& anchors, std::int64_t at_us) const {
  const StorePtr store(X509_STORE_new());
  const StackPtr others(sk_X509_new_null());
  const ContextPtr context(X509_STORE_CTX_new());
  if (store == nullptr || others == nullptr || context == nullptr) return {ChainOutcome::Kind::broken, "no memory"};
  bool any = false;
  for (std::size_t i = 0; i < size(); ++i) {
    X509* certificate = state_->list[i].get();
    const bool anchor = std::find(anchors.begin(), anchors.end(), state_->hashes[i]) != anchors.end();
    if (anchor ? X509_STORE_add_cert(store.get(), certificate) != 1 : sk_X509_push(others.get(), certificate) == 0)
      return {ChainOutcome::Kind::broken, "no memory"};
    any = any || anchor;
  }
  if (!any) return {ChainOutcome::Kind::no_anchor, "no anchor of the policy is among its certificates"};
  if (X509_STORE_CTX_init(context.get(), store.get(), state_->list[index].get(), others.get()) != 1)
    return {ChainOutcome::Kind::broken, "the chain cannot be built"};
  set_rules(context.get(), at_us);
  return outcome_of(context.get(), X509_verify_cert(context.get()), anchors);
}

std::vector<Bytes> Certificates::path_of(std::size_t index) const {
  std::vector<Bytes> path;
  X509* at = state_->list[index].get();
  while (at != nullptr && path.size() < kCertificateLimit) {
    path.push_back(der_of(at));
    X509* issuer = nullptr;
    for (const auto& one : state_->list)
      if (one.get() != at && X509_check_issued(one.get(), at) == X509_V_OK && X509_verify(at, X509_get0_pubkey(one.get())) == 1) issuer = one.get();
    at = X509_check_issued(at, at) == X509_V_OK ? nullptr : issuer;
  }
  return path;
}

}  // namespace netsampler::timestamp
