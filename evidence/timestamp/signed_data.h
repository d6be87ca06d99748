// The CMS SignedData of a time-stamp token, taken apart: views into the response, nothing of it checked against anything.
// PKCS#7 signedData (1.2.840.113549.1.7.2) and GM/T 0010 signedData (1.2.156.10197.6.1.4.2.2) have the same shape.
#pragma once
#include <string>
#include <vector>

#include "evidence/timestamp/der.h"

namespace netsampler::timestamp {

inline constexpr std::size_t kCertificateLimit = 32;

// ESSCertID (digest SHA-1) or ESSCertIDv2: which certificate the signer says is its own.
struct CertificateId {
  std::string digest;  // dotted OID
  ByteView hash;
};

struct SignerInfo {
  ByteView issuer;      // DER of the Name; empty where `key_id` names the certificate
  ByteView serial;      // INTEGER content
  ByteView key_id;
  std::string digest;   // dotted OIDs
  std::string algorithm;
  ByteView attributes;  // content of signedAttrs; what is signed is these bytes under a SET's tag
  ByteView signature;
};

// The three signed attributes that matter, each exactly once.
struct SignedAttributes {
  std::string content_type;
  ByteView message_digest;
  std::vector<CertificateId> certificate_ids;  // of the first signing-certificate and, or, its version 2; the first of each list
};

struct SignedData {
  std::string content_type;  // of what is signed: 1.2.840.113549.1.9.16.1.4 is a TSTInfo
  ByteView content;
  std::vector<ByteView> certificates;  // DER
  SignerInfo signer;
};

Result<SignedData> read_signed_data(ByteView content_info);
Result<SignedAttributes> read_attributes(ByteView attributes);
// What the signature covers: the attributes as a DER SET.
Bytes signed_bytes(const SignerInfo& signer);

}  // namespace netsampler::timestamp
