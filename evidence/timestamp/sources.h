// Where a certificate says that its issuer, its revocation list and its status can be had: what a stamping program fetches.
#pragma once
#include <string>
#include <vector>

#include "evidence/base/crypto.h"

namespace netsampler::timestamp {

// URLs that begin with http:// alone (these objects are signed; https would need trust of its own), at most four of each.
struct CertificateSources {
  std::vector<std::string> issuers;  // AIA caIssuers: a DER certificate
  std::vector<std::string> lists;    // CRL distribution points
  std::vector<std::string> status;   // AIA OCSP
};

// Of a DER certificate; empty where it is none.
CertificateSources sources_of(ByteView certificate);
bool is_issuer_of(ByteView issuer, ByteView certificate);  // both one DER certificate, the names fit and the signature holds
// The body of a POST of type application/ocsp-request; empty where one is no certificate.
Bytes ocsp_request(ByteView certificate, ByteView issuer);

}  // namespace netsampler::timestamp
