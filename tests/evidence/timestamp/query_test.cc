#include "evidence/timestamp/query.h"

#include <gtest/gtest.h>

#include "evidence/timestamp/der.h"

namespace netsampler::timestamp {
namespace {

struct Read {
  std::int64_t version = 0;
  std::string algorithm;
  Bytes imprint, nonce;
  bool asks_for_certificates = false;
};

Result<Read> read(const Bytes& der) {
  Read out;
  DerReader outside(der);
  DerReader request = TRY(outside.enter(der::kSequence));
  TRY(outside.end());
  const DerValue version = TRY(request.next(der::kInteger));
  out.version = TRY(small_integer(version.content));
  DerReader imprint = TRY(request.enter(der::kSequence));
  DerReader algorithm = TRY(imprint.enter(der::kSequence));
  const DerValue oid = TRY(algorithm.next(der::kOid));
  out.algorithm = TRY(oid_text(oid.content));
  const DerValue hash = TRY(imprint.next(der::kOctets));
  out.imprint.assign(hash.content.begin(), hash.content.end());
  TRY(imprint.end());
  const DerValue nonce = TRY(request.next(der::kInteger));
  out.nonce = TRY(integer_bytes(nonce.content));
  const DerValue certificates = TRY(request.next(der::kBoolean));
  out.asks_for_certificates = certificates.content.size() == 1 && certificates.content[0] == 0xFF;
  TRY(request.end());
  return out;
}

TEST(TimeStampQueryMade, SaysWhatItAsksFor) {
  const Hash imprint = sha256(as_bytes("a checkpoint"));
  const TimeStampQuery query = make_query(imprint);
  const auto found = read(query.der);
  ASSERT_TRUE(found.ok()) << found.error().text;
  EXPECT_EQ(found->version, 1);
  EXPECT_EQ(found->algorithm, "2.16.840.1.101.3.4.2.1");
  EXPECT_EQ(found->imprint, Bytes(imprint.begin(), imprint.end()));
  EXPECT_EQ(found->nonce, query.nonce);
  EXPECT_TRUE(found->asks_for_certificates);
}

TEST(TimeStampQueryMade, NoTwoHaveTheSameNonce) {
  const Hash imprint = sha256(as_bytes("a checkpoint"));
  EXPECT_NE(make_query(imprint).nonce, make_query(imprint).nonce);
}

TEST(TimeStampQueryMade, CutShortItIsNoQuery) {
  Bytes der = make_query(Hash{}).der;
  der.pop_back();
  EXPECT_FALSE(read(der).ok());
}

}  // namespace
}  // namespace netsampler::timestamp
