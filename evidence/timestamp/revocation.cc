#include "evidence/timestamp/revocation.h"

#include <openssl/core_names.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstring>
#include <ctime>

#include "evidence/timestamp/owned.h"
#include "evidence/timestamp/token.h"

namespace netsampler::timestamp {
namespace {

using X509Ptr = Owned<X509, X509_free>;
using CrlPtr = Owned<X509_CRL, X509_CRL_free>;
using OcspPtr = Owned<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using BasicPtr = Owned<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using CertIdPtr = Owned<OCSP_CERTID, OCSP_CERTID_free>;
using PointPtr = Owned<ISSUING_DIST_POINT, ISSUING_DIST_POINT_free>;
using ReasonPtr = Owned<ASN1_ENUMERATED, ASN1_ENUMERATED_free>;
using DigestContextPtr = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
constexpr int kResponses = 64, kResponderCertificates = 8, kNoReason = -1;

std::int64_t time_of(const ASN1_TIME* time) {
  tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  return static_cast<std::int64_t>(timegm(&parts)) * 1'000'000;
}

// Exactly one value of that type fills the bytes.
template <class Ptr, class Parse>
Ptr whole(Parse parse, ByteView der) {
  const unsigned char* at = der.data();
  Ptr made(parse(nullptr, &at, static_cast<long>(der.size())));
  return at == der.data() + der.size() ? std::move(made) : nullptr;
}

// OpenSSL 3.0 would check an SM2 signature without its identity; hence by hand, for all algorithms alike.
bool signed_by(EVP_PKEY* key, const X509_ALGOR* algorithm, const ASN1_BIT_STRING* signature, ByteView text) {
  const ASN1_OBJECT* oid = nullptr;
  X509_ALGOR_get0(&oid, nullptr, nullptr, algorithm);
  int digest = NID_undef, kind = NID_undef;
  if (key == nullptr || OBJ_find_sigid_algs(OBJ_obj2nid(oid), &digest, &kind) != 1 || digest == NID_undef || digest == NID_sha1 || digest == NID_md5)
    return false;
  std::string identity = kSm2Identity;
  const OSSL_PARAM with_identity[] = {OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_DIST_ID, identity.data(), identity.size()),
                                      OSSL_PARAM_construct_end()};
  const DigestContextPtr context(EVP_MD_CTX_new());
  const OSSL_PARAM* parameters = EVP_PKEY_is_a(key, "SM2") == 1 ? with_identity : nullptr;
  if (context == nullptr || EVP_DigestVerifyInit_ex(context.get(), nullptr, OBJ_nid2sn(digest), nullptr, nullptr, key, parameters) != 1) return false;
  return EVP_DigestVerify(context.get(), ASN1_STRING_get0_data(signature), static_cast<std::size_t>(ASN1_STRING_length(signature)), text.data(),
                          text.size()) == 1;
}

struct Pair {
  X509Ptr certificate, issuer;
  Hash hash{};
};

// What is written again, as the signature covers it.
template <class T>
Bytes encoded(int (*write)(T*, unsigned char**), T* value) {
  unsigned char* bytes = nullptr;
  const int size = write(value, &bytes);
  Bytes text(bytes, bytes + std::max(size, 0));
  OPENSSL_free(bytes);
  return text;
}

bool is_compromise(int reason) {
  return reason == kNoReason || reason == CRL_REASON_KEY_COMPROMISE || reason == CRL_REASON_CA_COMPROMISE || reason == CRL_REASON_AA_COMPROMISE;
}

// A complete list of its issuer: no delta, nobody else's certificates, no selection of reasons, nothing critical that is unknown.
bool is_complete(X509_CRL* crl) {
  for (int i = 0; i < X509_CRL_get_ext_count(crl); ++i) {
    X509_EXTENSION* extension = X509_CRL_get_ext(crl, i);
    const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
    if (nid == NID_delta_crl || (X509_EXTENSION_get_critical(extension) == 1 && nid != NID_issuing_distribution_point)) return false;
  }
  int critical = 0;
  const PointPtr point(static_cast<ISSUING_DIST_POINT*>(X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, &critical, nullptr)));
  if (point == nullptr) return critical == -1;
  return point->indirectCRL <= 0 && point->onlysomereasons == nullptr && point->onlyattr <= 0;
}

bool is_list_of(X509_CRL* crl, const Pair& pair) {
  if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_issuer_name(pair.certificate.get())) != 0) return false;
  if ((X509_get_key_usage(pair.issuer.get()) & KU_CRL_SIGN) == 0) return false;
  const ASN1_BIT_STRING* signature = nullptr;
  const X509_ALGOR* algorithm = nullptr;
  X509_CRL_get0_signature(crl, &signature, &algorithm);
  const Bytes text = encoded(i2d_re_X509_CRL_tbs, crl);
  return signed_by(X509_get0_pubkey(pair.issuer.get()), algorithm, signature, text);
}

RevocationStatement said_by_list(X509_CRL* crl, const Pair& pair) {
  RevocationStatement said;
  said.certificate = pair.hash;
  const std::int64_t this_us = time_of(X509_CRL_get0_lastUpdate(crl)), next_us = time_of(X509_CRL_get0_nextUpdate(crl));
  // A list may leave out what has ended: then its silence says nothing.
  const bool speaks = this_us <= time_of(X509_get0_notAfter(pair.certificate.get()));
  said.until_us = speaks ? std::max(this_us, next_us) : 0;
  X509_REVOKED* entry = nullptr;
  if (X509_CRL_get0_by_cert(crl, &entry, pair.certificate.get()) != 1 || entry == nullptr) return said;
  said.revoked_us = time_of(X509_REVOKED_get0_revocationDate(entry));
  const ReasonPtr reason(static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr)));
  said.compromised = is_compromise(reason == nullptr ? kNoReason : static_cast<int>(ASN1_ENUMERATED_get(reason.get())));
  return said;
}

// The issuer's own signature, or that of a responder which it certified for this and which was valid then.
bool is_answer_of(OCSP_BASICRESP* basic, const Pair& pair) {
  // i2d takes what it encodes as const from OpenSSL 3.0 on; the pointer is not written through.
  OCSP_RESPDATA* data = const_cast<OCSP_RESPDATA*>(OCSP_resp_get0_respdata(basic));
  unsigned char* bytes = nullptr;
  const int size = i2d_OCSP_RESPDATA(data, &bytes);
  const Bytes text(bytes, bytes + std::max(size, 0));
  OPENSSL_free(bytes);
  const X509_ALGOR* algorithm = OCSP_resp_get0_tbs_sigalg(basic);
  const ASN1_OCTET_STRING* signature = OCSP_resp_get0_signature(basic);
  EVP_PKEY* issuer = X509_get0_pubkey(pair.issuer.get());
  if (signed_by(issuer, algorithm, signature, text)) return true;
  const STACK_OF(X509)* others = OCSP_resp_get0_certs(basic);
  for (int i = 0; i < std::min(sk_X509_num(others), kResponderCertificates); ++i) {
    X509* other = sk_X509_value(others, i);
    const std::int64_t at_us = time_of(OCSP_resp_get0_produced_at(basic));
    const bool valid = time_of(X509_get0_notBefore(other)) <= at_us && at_us <= time_of(X509_get0_notAfter(other));
    const bool appointed = X509_get_ext_by_NID(other, NID_ext_key_usage, -1) >= 0 && (X509_get_extended_key_usage(other) & XKU_OCSP_SIGN) != 0;
    if (valid && appointed && X509_check_issued(pair.issuer.get(), other) == X509_V_OK && X509_verify(other, issuer) == 1 &&
        signed_by(X509_get0_pubkey(other), algorithm, signature, text))
      return true;
  }
  return false;
}

bool is_about(OCSP_SINGLERESP* single, const Pair& pair) {
  // The getters want a pointer to what they only read.
  auto* id = const_cast<OCSP_CERTID*>(OCSP_SINGLERESP_get0_id(single));
  ASN1_OBJECT* digest = nullptr;
  OCSP_id_get0_info(nullptr, &digest, nullptr, nullptr, id);
  const EVP_MD* method = EVP_get_digestbyobj(digest);
  const CertIdPtr own(method == nullptr ? nullptr : OCSP_cert_to_id(method, pair.certificate.get(), pair.issuer.get()));
  return own != nullptr && OCSP_id_cmp(id, own.get()) == 0;
}

void said_by_answer(OCSP_BASICRESP* basic, const Pair& pair, std::vector<RevocationStatement>& said) {
  for (int i = 0; i < std::min(OCSP_resp_count(basic), kResponses); ++i) {
    OCSP_SINGLERESP* single = OCSP_resp_get0(basic, i);
    int reason = kNoReason;
    ASN1_GENERALIZEDTIME *revoked = nullptr, *from = nullptr, *next = nullptr;
    const int status = OCSP_single_get0_status(single, &reason, &revoked, &from, &next);
    if (!is_about(single, pair) || (status != V_OCSP_CERTSTATUS_GOOD && status != V_OCSP_CERTSTATUS_REVOKED)) continue;
    RevocationStatement one;
    one.certificate = pair.hash;
    one.until_us = std::max(time_of(from), time_of(next));
    if (status == V_OCSP_CERTSTATUS_REVOKED) one.revoked_us = time_of(revoked);
    one.compromised = status == V_OCSP_CERTSTATUS_REVOKED && is_compromise(reason);
    said.push_back(one);
  }
}

}  // namespace

std::vector<RevocationStatement> statements_of(ByteView crl_or_ocsp, const std::vector<IssuedCertificate>& certificates) {
  std::vector<RevocationStatement> said;
  if (crl_or_ocsp.size() > kRevocationLimitBytes) return said;
  const CrlPtr crl = whole<CrlPtr>(d2i_X509_CRL, crl_or_ocsp);
  const OcspPtr response = crl != nullptr ? nullptr : whole<OcspPtr>(d2i_OCSP_RESPONSE, crl_or_ocsp);
  const BasicPtr basic(response == nullptr || OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL
                           ? nullptr
                           : OCSP_response_get1_basic(response.get()));
  if (basic == nullptr && (crl == nullptr || !is_complete(crl.get()))) return said;
  for (const auto& one : certificates) {
    const Pair pair{whole<X509Ptr>(d2i_X509, one.certificate), whole<X509Ptr>(d2i_X509, one.issuer), sha256(one.certificate)};
    if (pair.certificate == nullptr || pair.issuer == nullptr) continue;
    if (crl != nullptr && is_list_of(crl.get(), pair)) said.push_back(said_by_list(crl.get(), pair));
    if (basic != nullptr && is_answer_of(basic.get(), pair)) said_by_answer(basic.get(), pair, said);
  }
  return said;
}

}  // namespace netsampler::timestamp
