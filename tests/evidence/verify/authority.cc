#include "tests/evidence/verify/authority.h"

#include <gtest/gtest.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <ctime>

namespace netsampler::test {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

constexpr long kYear2020 = 1'577'836'800;

void extend(X509* certificate, int nid, const char* value) {
  std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
  EXPECT_EQ(X509_add_ext(certificate, extension.get(), -1), 1);
}

Certificate blank(const std::string& name, EVP_PKEY* key, long number, int end_year) {
  Certificate made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), number);
  ASN1_TIME_set(X509_getm_notBefore(made.get()), kYear2020);
  ASN1_TIME_set_string_X509(X509_getm_notAfter(made.get()), (std::to_string(end_year) + "0101000000Z").c_str());
  X509_NAME* subject = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_pubkey(made.get(), key);
  return made;
}

Certificate ca_of(const std::string& name, EVP_PKEY* key) {
  Certificate made = blank("CA of " + name, key, 1, 2100);
  X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
  extend(made.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(made.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  EXPECT_GT(X509_sign(made.get(), key, EVP_sha256()), 0);
  return made;
}

Certificate certificate_of(const std::string& name, EVP_PKEY* key, int end_year, X509* ca, EVP_PKEY* ca_key) {
  Certificate made = blank(name, key, 7, end_year);
  X509_set_issuer_name(made.get(), X509_get_subject_name(ca));
  extend(made.get(), NID_key_usage, "critical,digitalSignature");
  extend(made.get(), NID_ext_key_usage, "critical,timeStamping");
  EXPECT_GT(X509_sign(made.get(), ca_key, EVP_sha256()), 0);
  return made;
}

std::string der_of(const X509* certificate) {
  unsigned char* der = nullptr;
  const int bytes = i2d_X509(certificate, &der);
  const std::string text(reinterpret_cast<const char*>(der), bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
  OPENSSL_free(der);
  return text;
}

std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>> moment(std::int64_t us) {
  return std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>>(ASN1_TIME_set(nullptr, static_cast<time_t>(us / 1'000'000)));
}

void revoke(X509_CRL* list, const X509* certificate, std::int64_t at_us, int reason) {
  X509_REVOKED* entry = X509_REVOKED_new();
  std::unique_ptr<ASN1_INTEGER, Freed<ASN1_INTEGER_free>> number(ASN1_INTEGER_dup(X509_get0_serialNumber(certificate)));
  X509_REVOKED_set_serialNumber(entry, number.get());
  X509_REVOKED_set_revocationDate(entry, moment(at_us).get());
  if (reason >= 0) {
    std::unique_ptr<ASN1_ENUMERATED, Freed<ASN1_ENUMERATED_free>> code(ASN1_ENUMERATED_new());
    ASN1_ENUMERATED_set(code.get(), reason);
    EXPECT_EQ(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, code.get(), 0, 0), 1);
  }
  EXPECT_EQ(X509_CRL_add0_revoked(list, entry), 1);
}

ASN1_INTEGER* serial(TS_resp_ctx*, void*) {
  ASN1_INTEGER* number = ASN1_INTEGER_new();
  ASN1_INTEGER_set(number, 42);
  return number;
}

int its_time(TS_resp_ctx*, void* data, long* seconds, long* microseconds) {
  *seconds = static_cast<long>(*static_cast<const std::int64_t*>(data) / 1'000'000);
  *microseconds = 0;
  return 1;
}

std::unique_ptr<BIO, Freed<BIO_free_all>> query_for(const std::string& bytes) {
  Hash hash = sha256(as_bytes(bytes));
  std::unique_ptr<TS_REQ, Freed<TS_REQ_free>> query(TS_REQ_new());
  std::unique_ptr<TS_MSG_IMPRINT, Freed<TS_MSG_IMPRINT_free>> imprint(TS_MSG_IMPRINT_new());
  std::unique_ptr<X509_ALGOR, Freed<X509_ALGOR_free>> algorithm(X509_ALGOR_new());
  X509_ALGOR_set_md(algorithm.get(), EVP_sha256());
  TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get());
  TS_MSG_IMPRINT_set_msg(imprint.get(), hash.data(), static_cast<int>(hash.size()));
  TS_REQ_set_version(query.get(), 1);
  TS_REQ_set_msg_imprint(query.get(), imprint.get());
  TS_REQ_set_cert_req(query.get(), 1);
  std::unique_ptr<BIO, Freed<BIO_free_all>> out(BIO_new(BIO_s_mem()));
  EXPECT_EQ(i2d_TS_REQ_bio(out.get(), query.get()), 1);
  return out;
}

}  // namespace

struct Authority::State {
  Key ca_key{EVP_EC_gen("P-256")}, key{EVP_EC_gen("P-256")};
  Certificate ca, certificate;
};

Authority::Authority(const std::string& name, int end_year) : state_(std::make_unique<State>()) {
  state_->ca = ca_of(name, state_->ca_key.get());
  state_->certificate = certificate_of(name, state_->key.get(), end_year, state_->ca.get(), state_->ca_key.get());
}
Authority::~Authority() = default;

Hash Authority::certificate() const { return sha256(as_bytes(der_of(state_->certificate.get()))); }
std::string Authority::ca_der() const { return der_of(state_->ca.get()); }
Hash Authority::ca() const { return sha256(as_bytes(ca_der())); }

std::string Authority::crl(const Crl& plan) const {
  std::unique_ptr<X509_CRL, Freed<X509_CRL_free>> list(X509_CRL_new());
  X509_CRL_set_version(list.get(), 1);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(state_->ca.get()));
  X509_CRL_set1_lastUpdate(list.get(), moment(plan.this_us).get());
  X509_CRL_set1_nextUpdate(list.get(), moment(plan.next_us).get());
  if (plan.revoked_us != 0) revoke(list.get(), state_->certificate.get(), plan.revoked_us, plan.reason);
  X509_CRL_sort(list.get());
  EXPECT_GT(X509_CRL_sign(list.get(), plan.by_signer ? state_->key.get() : state_->ca_key.get(), EVP_sha256()), 0);
  unsigned char* der = nullptr;
  const int bytes = i2d_X509_CRL(list.get(), &der);
  const std::string text(reinterpret_cast<const char*>(der), bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
  OPENSSL_free(der);
  return text;
}

std::string Authority::stamp(const std::string& bytes, std::int64_t gen_time_us) const {
  std::unique_ptr<TS_RESP_CTX, Freed<TS_RESP_CTX_free>> context(TS_RESP_CTX_new());
  std::unique_ptr<ASN1_OBJECT, Freed<ASN1_OBJECT_free>> policy(OBJ_txt2obj("1.3.6.1.4.1.99999.1", 1));
  EXPECT_EQ(TS_RESP_CTX_set_signer_cert(context.get(), state_->certificate.get()), 1);
  EXPECT_EQ(TS_RESP_CTX_set_signer_key(context.get(), state_->key.get()), 1);
  TS_RESP_CTX_set_signer_digest(context.get(), EVP_sha256());
  TS_RESP_CTX_set_ess_cert_id_digest(context.get(), EVP_sha256());
  TS_RESP_CTX_set_def_policy(context.get(), policy.get());
  TS_RESP_CTX_add_md(context.get(), EVP_sha256());
  TS_RESP_CTX_set_serial_cb(context.get(), serial, nullptr);
  TS_RESP_CTX_set_time_cb(context.get(), its_time, &gen_time_us);
  const auto query = query_for(bytes);
  std::unique_ptr<TS_RESP, Freed<TS_RESP_free>> response(TS_RESP_create_response(context.get(), query.get()));
  unsigned char* der = nullptr;
  const int size = i2d_TS_RESP(response.get(), &der);
  const std::string text(reinterpret_cast<const char*>(der), size > 0 ? static_cast<std::size_t>(size) : 0);
  OPENSSL_free(der);
  return text;
}

}  // namespace netsampler::test
