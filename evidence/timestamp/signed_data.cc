#include "evidence/timestamp/signed_data.h"

namespace netsampler::timestamp {
namespace {

constexpr const char* kSignedData = "1.2.840.113549.1.7.2";
constexpr const char* kGmSignedData = "1.2.156.10197.6.1.4.2.2";

Error broken(const char* what) { return fail(ErrorKind::invalid, what); }

Result<std::string> next_oid(DerReader& reader) {
  const DerValue value = TRY(reader.next(der::kOid));
  return oid_text(value.content);
}

// AlgorithmIdentifier: its OID; parameters are absent or NULL for all algorithms accepted here.
Result<std::string> next_algorithm(DerReader& reader) {
  DerReader algorithm = TRY(reader.enter(der::kSequence));
  std::string oid = TRY(next_oid(algorithm));
  const auto parameters = TRY(algorithm.optional(der::kNull));
  if (parameters && !parameters->content.empty()) return broken("a NULL that holds something");
  TRY(algorithm.end());
  return oid;
}

// Whole certificates are taken; other choices (attribute certificates) are passed over.
Result<std::vector<ByteView>> read_certificates(ByteView content) {
  std::vector<ByteView> list;
  for (DerReader reader(content); !reader.done();) {
    const DerValue value = TRY(reader.next());
    if (value.tag != der::kSequence) continue;
    if (list.size() == kCertificateLimit) return broken("more certificates than the bound");
    list.push_back(value.whole);
  }
  return list;
}

Result<void> read_signer_name(DerReader& reader, SignerInfo& signer) {
  if (reader.next_is(der::primitive(0))) {
    const DerValue key_id = TRY(reader.next());
    signer.key_id = key_id.content;
    return {};
  }
  DerReader name = TRY(reader.enter(der::kSequence));
  const DerValue issuer = TRY(name.next(der::kSequence));
  const DerValue serial = TRY(name.next(der::kInteger));
  signer.issuer = issuer.whole;
  signer.serial = serial.content;
  return name.end();
}

Result<SignerInfo> read_signer(DerReader reader) {
  SignerInfo signer;
  const DerValue version = TRY(reader.next(der::kInteger));
  TRY(read_signer_name(reader, signer));
  if (TRY(small_integer(version.content)) != (signer.key_id.empty() ? 1 : 3)) return broken("a signer of another version");
  signer.digest = TRY(next_algorithm(reader));
  const DerValue attributes = TRY(reader.next(der::context(0)));
  signer.attributes = attributes.content;
  signer.algorithm = TRY(next_algorithm(reader));
  const DerValue signature = TRY(reader.next(der::kOctets));
  signer.signature = signature.content;
  TRY(reader.optional(der::context(1)));  // unsigned attributes prove nothing
  TRY(reader.end());
  return signer;
}

Result<void> read_content(DerReader& reader, SignedData& data) {
  DerReader content = TRY(reader.enter(der::kSequence));
  data.content_type = TRY(next_oid(content));
  DerReader wrapper = TRY(content.enter(der::context(0)));
  const DerValue octets = TRY(wrapper.next(der::kOctets));
  data.content = octets.content;
  TRY(wrapper.end());
  return content.end();
}

// CMS signs nothing of this list; still it must name what the signer used (RFC 5652, 5.1).
Result<bool> names_digest(DerReader& list, const std::string& digest) {
  bool named = false;
  while (!list.done()) named = TRY(next_algorithm(list)) == digest || named;
  return named;
}

Result<SignedData> read_body(DerReader reader) {
  SignedData data;
  TRY(reader.next(der::kInteger));
  DerReader digests = TRY(reader.enter(der::kSet));
  TRY(read_content(reader, data));
  const auto certificates = TRY(reader.optional(der::context(0)));
  if (certificates.has_value()) data.certificates = TRY(read_certificates(certificates->content));
  TRY(reader.optional(der::context(1)));  // revocation lists
  DerReader signers = TRY(reader.enter(der::kSet));
  DerReader signer = TRY(signers.enter(der::kSequence));
  data.signer = TRY(read_signer(signer));
  if (!signers.done()) return broken("more than one signer");
  if (!TRY(names_digest(digests, data.signer.digest))) return broken("the signer's digest is not among the token's digest algorithms");
  TRY(reader.end());
  return data;
}

}  // namespace

Result<SignedData> read_signed_data(ByteView content_info) {
  DerReader outside(content_info);
  DerReader info = TRY(outside.enter(der::kSequence));
  TRY(outside.end());
  const std::string type = TRY(next_oid(info));
  if (type != kSignedData && type != kGmSignedData) return broken("the token is no signedData");
  DerReader wrapper = TRY(info.enter(der::context(0)));
  TRY(info.end());
  DerReader body = TRY(wrapper.enter(der::kSequence));
  TRY(wrapper.end());
  return read_body(body);
}

Bytes signed_bytes(const SignerInfo& signer) {
  const std::size_t size = signer.attributes.size();
  Bytes out{der::kSet};
  if (size < 0x80) {
    out.push_back(static_cast<std::uint8_t>(size));
  } else {
    const std::uint8_t length[] = {static_cast<std::uint8_t>(size >> 16), static_cast<std::uint8_t>(size >> 8),
                                   static_cast<std::uint8_t>(size)};
    const std::size_t skipped = size < 0x100 ? 2 : size < 0x10000 ? 1 : 0;
    out.push_back(static_cast<std::uint8_t>(0x80 | (3 - skipped)));
    append(out, ByteView(length).subspan(skipped));
  }
  append(out, signer.attributes);
  return out;
}

}  // namespace netsampler::timestamp
