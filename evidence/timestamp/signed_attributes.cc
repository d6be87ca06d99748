#include "evidence/timestamp/signed_data.h"

namespace netsampler::timestamp {
namespace {

constexpr const char* kContentType = "1.2.840.113549.1.9.3";
constexpr const char* kMessageDigest = "1.2.840.113549.1.9.4";
constexpr const char* kSigningCertificate = "1.2.840.113549.1.9.16.2.12";
constexpr const char* kSigningCertificate2 = "1.2.840.113549.1.9.16.2.47";
constexpr const char* kSha1 = "1.3.14.3.2.26";
constexpr const char* kSha256 = "2.16.840.1.101.3.4.2.1";

Error broken(const char* what) { return fail(ErrorKind::invalid, what); }

// SEQUENCE { SEQUENCE OF ESSCertID(v2), … }: the first is the signer's own certificate (RFC 5035).
Result<CertificateId> read_certificate_id(DerReader value, bool second_version) {
  DerReader signing = TRY(value.enter(der::kSequence));
  DerReader list = TRY(signing.enter(der::kSequence));
  DerReader id = TRY(list.enter(der::kSequence));
  CertificateId found{second_version ? kSha256 : kSha1, {}};
  if (second_version && id.next_is(der::kSequence)) {
    DerReader algorithm = TRY(id.enter(der::kSequence));
    const DerValue oid = TRY(algorithm.next(der::kOid));
    found.digest = TRY(oid_text(oid.content));
  }
  const DerValue hash = TRY(id.next(der::kOctets));
  found.hash = hash.content;
  TRY(value.end());
  return found;
}

// Each attribute once, with one value: an attribute that stands twice could say two things.
struct Seen {
  bool content_type = false, message_digest = false, certificate = false, certificate2 = false;
};

Result<void> first_time(bool& seen) {
  if (seen) return broken("a signed attribute stands twice");
  seen = true;
  return {};
}

Result<void> take_attribute(const std::string& type, DerReader values, SignedAttributes& out, Seen& seen) {
  if (type == kContentType) {
    TRY(first_time(seen.content_type));
    const DerValue oid = TRY(values.next(der::kOid));
    out.content_type = TRY(oid_text(oid.content));
    return values.end();
  }
  if (type == kMessageDigest) {
    TRY(first_time(seen.message_digest));
    const DerValue digest = TRY(values.next(der::kOctets));
    out.message_digest = digest.content;
    return values.end();
  }
  const bool second_version = type == kSigningCertificate2;
  if (!second_version && type != kSigningCertificate) return {};
  TRY(first_time(second_version ? seen.certificate2 : seen.certificate));
  const CertificateId id = TRY(read_certificate_id(values, second_version));
  out.certificate_ids.push_back(id);
  return {};
}

}  // namespace

Result<SignedAttributes> read_attributes(ByteView attributes) {
  SignedAttributes out;
  Seen seen;
  for (DerReader reader(attributes); !reader.done();) {
    DerReader attribute = TRY(reader.enter(der::kSequence));
    const DerValue oid = TRY(attribute.next(der::kOid));
    const std::string type = TRY(oid_text(oid.content));
    const DerReader values = TRY(attribute.enter(der::kSet));
    TRY(attribute.end());
    TRY(take_attribute(type, values, out, seen));
  }
  if (!seen.content_type || !seen.message_digest) return broken("content type or message digest is not among the signed attributes");
  return out;
}

}  // namespace netsampler::timestamp
