#include "evidence/timestamp/query.h"

namespace netsampler::timestamp {
namespace {

// SEQUENCE { INTEGER 1, SEQUENCE { SEQUENCE { OID 2.16.840.1.101.3.4.2.1, NULL }, OCTET STRING (32) follows
constexpr std::uint8_t kImprintHead[] = {0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48,
                                         0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
constexpr std::uint8_t kCertReq[] = {0x01, 0x01, 0xFF};

Bytes new_nonce() {
  Bytes nonce(8);
  random_fill(nonce);
  nonce[0] = static_cast<std::uint8_t>((nonce[0] & 0x3F) | 0x40);  // positive, and never in need of a shorter form
  return nonce;
}

}  // namespace

TimeStampQuery make_query(const Hash& imprint) {
  TimeStampQuery query;
  query.nonce = new_nonce();
  Bytes body;
  append(body, kImprintHead);
  append(body, imprint);
  body.push_back(0x02);
  body.push_back(static_cast<std::uint8_t>(query.nonce.size()));
  append(body, query.nonce);
  append(body, kCertReq);
  query.der = {0x30, static_cast<std::uint8_t>(body.size())};
  append(query.der, body);
  return query;
}

}  // namespace netsampler::timestamp
