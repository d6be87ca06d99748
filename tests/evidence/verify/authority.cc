#include "tests/evidence/verify/authority.h"

#include <gtest/gtest.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

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

constexpr long kYear2020 = 1'577'836'800, kYear2040 = 2'208'988'800;

void extend(X509* certificate, int nid, const char* value) {
  std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
  EXPECT_EQ(X509_add_ext(certificate, extension.get(), -1), 1);
}

Certificate certificate_of(const std::string& name, EVP_PKEY* key) {
  Certificate made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 7);
  ASN1_TIME_set(X509_getm_notBefore(made.get()), kYear2020);
  ASN1_TIME_set(X509_getm_notAfter(made.get()), kYear2040);
  X509_NAME* subject = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(made.get(), subject);
  X509_set_pubkey(made.get(), key);
  extend(made.get(), NID_key_usage, "critical,digitalSignature");
  extend(made.get(), NID_ext_key_usage, "critical,timeStamping");
  EXPECT_GT(X509_sign(made.get(), key, EVP_sha256()), 0);
  return made;
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
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate;
};

Authority::Authority(const std::string& name) : state_(std::make_unique<State>()) {
  state_->certificate = certificate_of(name, state_->key.get());
}
Authority::~Authority() = default;

Hash Authority::certificate() const {
  unsigned char* der = nullptr;
  const int bytes = i2d_X509(state_->certificate.get(), &der);
  const Hash hash = sha256(ByteView(der, static_cast<std::size_t>(bytes)));
  OPENSSL_free(der);
  return hash;
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
