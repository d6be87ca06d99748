#include "evidence/timestamp/sources.h"

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "evidence/timestamp/certificates.h"
#include "evidence/timestamp/owned.h"

namespace netsampler::timestamp {
namespace {

using X509Ptr = Owned<X509, X509_free>;
using AccessPtr = Owned<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free>;
using PointsPtr = Owned<CRL_DIST_POINTS, CRL_DIST_POINTS_free>;
using RequestPtr = Owned<OCSP_REQUEST, OCSP_REQUEST_free>;
constexpr std::size_t kUrls = 4, kUrlBytes = 500;

X509Ptr parse(ByteView der) {
  const unsigned char* at = der.data();
  return X509Ptr(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

void add(std::vector<std::string>& urls, const GENERAL_NAME* name) {
  if (name->type != GEN_URI) return;
  const ASN1_IA5STRING* text = name->d.uniformResourceIdentifier;
  const std::string url(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), static_cast<std::size_t>(ASN1_STRING_length(text)));
  const bool printable = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (printable && url.starts_with("http://") && url.size() <= kUrlBytes && urls.size() < kUrls) urls.push_back(url);
}

void add_lists(std::vector<std::string>& urls, X509* certificate) {
  const PointsPtr points(static_cast<CRL_DIST_POINTS*>(X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr)));
  for (int i = 0; i < sk_DIST_POINT_num(points.get()); ++i) {
    const DIST_POINT* point = sk_DIST_POINT_value(points.get(), i);
    if (point->distpoint == nullptr || point->distpoint->type != 0) continue;
    const GENERAL_NAMES* names = point->distpoint->name.fullname;
    for (int n = 0; n < sk_GENERAL_NAME_num(names); ++n) add(urls, sk_GENERAL_NAME_value(names, n));
  }
}

}  // namespace

CertificateSources sources_of(ByteView der) {
  CertificateSources found;
  const X509Ptr certificate = parse(der);
  if (certificate == nullptr) return found;
  const AccessPtr access(static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(certificate.get(), NID_info_access, nullptr, nullptr)));
  for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
    const ACCESS_DESCRIPTION* one = sk_ACCESS_DESCRIPTION_value(access.get(), i);
    const int method = OBJ_obj2nid(one->method);
    if (method == NID_ad_ca_issuers) add(found.issuers, one->location);
    if (method == NID_ad_OCSP) add(found.status, one->location);
  }
  add_lists(found.lists, certificate.get());
  return found;
}

bool is_issuer_of(ByteView issuer, ByteView certificate) {
  auto both = Certificates::parse({certificate, issuer});
  return both.ok() && both->path_of(0).size() == 2;
}

Bytes ocsp_request(ByteView certificate, ByteView issuer) {
  const X509Ptr of = parse(certificate), by = parse(issuer);
  const RequestPtr request(OCSP_REQUEST_new());
  if (of == nullptr || by == nullptr || request == nullptr) return {};
  OCSP_CERTID* id = OCSP_cert_to_id(EVP_sha1(), of.get(), by.get());  // the one digest that every responder knows; it names, nothing more
  if (id == nullptr || OCSP_request_add0_id(request.get(), id) == nullptr) {
    OCSP_CERTID_free(id);
    return {};
  }
  unsigned char* bytes = nullptr;
  const int size = i2d_OCSP_REQUEST(request.get(), &bytes);
  Bytes text(bytes, bytes + std::max(size, 0));
  OPENSSL_free(bytes);
  return text;
}

}  // namespace netsampler::timestamp
