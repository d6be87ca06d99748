// Every rejected token stands beside the accepted one it was made from.
#include "fixtures.h"

namespace netsampler::timestamp {
namespace {

struct Case {
  const char* token;
  const char* family;  // whose CA is the anchor
  const char* code;    // "" accepted
};

const Case kCases[] = {
    {"good", "own", ""},
    {"openssl_p256", "openssl_p256", ""},
    {"openssl_rsa", "openssl_rsa", ""},
    {"accuracy", "own", ""},
    {"ess_v1", "own", ""},
    {"good", "foreign", "tsa-untrusted"},
    {"refused", "openssl_rsa", "token-refused"},
    {"wrong_imprint", "own", "token-imprint"},
    {"sha1_imprint", "own", "token-imprint"},
    {"wrong_nonce", "own", "token-nonce"},
    {"no_nonce", "own", "token-nonce"},
    {"ess_none", "own", "token-certificate"},
    {"ess_other", "own", "token-certificate"},
    {"ess_absent", "own", "token-certificate"},
    {"no_certificates", "own", "token-certificate"},
    {"no_eku", "own", "token-purpose"},
    {"two_purposes", "own", "token-purpose"},
    {"not_critical", "own", "token-purpose"},
    {"wrong_signature", "own", "token-signature"},
    {"sha1_signature", "own", "token-signature"},
    {"content_type", "own", "token-signature"},
    {"foreign_key", "own", "token-certificate"},
    {"attribute_twice", "own", "token-malformed"},
    {"two_signers", "own", "token-malformed"},
    {"unknown_outer", "sm2", "token-malformed"},
    // expired since, still good at its genTime
    {"old_in_time", "own", ""},
    {"old_too_late", "own", "token-chain"},
    {"old_too_early", "own", "token-chain"},
    {"ca_in_time", "short_ca", ""},
    {"ca_too_late", "short_ca", "token-chain"},
    // foreign certificates in the token
    {"foreign_beside", "own", ""},
    {"foreign_with_true_ca", "own", "tsa-untrusted"},
    {"foreign_with_true_ca", "foreign", ""},
    {"same_name_with_true_ca", "own", "token-chain"},
    {"weak", "weak", "token-chain"},
    // SM2 with SM3
    {"sm2", "sm2", ""},
    {"sm2_gm", "sm2", ""},
    {"sm2_sha256_imprint", "sm2", ""},
    {"sm2_other_identity", "sm2", "token-signature"},
    {"sm2_wrong_signature", "sm2", "token-signature"},
    {"sm2", "own", "tsa-untrusted"},
};

class Tokens : public testing::TestWithParam<Case> {};

TEST_P(Tokens, IsAcceptedOrRefusedForItsReason) {
  const Case& one = GetParam();
  // openssl's refusal was made without a token, and foreign_key under another CA: the nonce is that of all others.
  const TokenCheck result = check(one.token, one.family);
  EXPECT_STREQ(code_of(result.fault), one.code) << result.text;
  EXPECT_EQ(result.accepted(), result.text.empty());
}

std::string name_of_case(const testing::TestParamInfo<Case>& info) {
  return std::string(info.param.token) + "_by_" + info.param.family;
}
INSTANTIATE_TEST_SUITE_P(All, Tokens, testing::ValuesIn(kCases), name_of_case);

TEST(TokenFactsRead, TimeAccuracyAndAuthority) {
  const TokenCheck result = check("accuracy", "own");
  ASSERT_TRUE(result.accepted()) << result.text;
  EXPECT_EQ(result.facts.gen_time_us, 1795330800'250'000);  // 2026-11-22 07:00:00.25 UTC
  EXPECT_EQ(result.facts.accuracy_us, 1'005'000);
  EXPECT_EQ(result.facts.nonce, kQueryNonce);
  EXPECT_EQ(result.facts.policy, "1.3.6.1.4.1.4146.2.3");
  EXPECT_NE(result.facts.authority.find("CN=tsa"), std::string::npos) << result.facts.authority;
  EXPECT_EQ(result.anchor, anchor("own"));
  EXPECT_EQ(result.facts.certificates.size(), 2u);
  EXPECT_EQ(check("good", "own").facts.accuracy_us, std::nullopt);
}

TEST(TokenFactsRead, WithoutCheckingToo) {
  const auto facts = read_response(fixture("wrong_signature.tsr"));
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts->imprint, sha256(fixture("stamped.txt")));
  EXPECT_FALSE(read_response(fixture("refused.tsr")).ok());
  EXPECT_FALSE(read_response({}).ok());
}

TEST(TokenExpected, PolicyWhereOneIsAskedFor) {
  EXPECT_TRUE(check("good", "own", {kQueryNonce, "1.3.6.1.4.1.4146.2.3"}).accepted());
  EXPECT_STREQ(code_of(check("good", "own", {kQueryNonce, "1.2.3"}).fault), "token-policy");
}

TEST(TokenExpected, NonceOnlyWhereItIsKnown) {
  EXPECT_TRUE(check("wrong_nonce", "own", {}).accepted());
  EXPECT_TRUE(check("no_nonce", "own", {}).accepted());
}

TEST(TokenExpected, StampedBytesOtherThanTheImprint) {
  Bytes stamped = fixture("stamped.txt");
  stamped.push_back('\n');
  EXPECT_EQ(check_response(fixture("good.tsr"), stamped, {{anchor("own")}, {}}).fault, TokenFault::imprint);
  EXPECT_EQ(check_response(fixture("sm2.tsr"), stamped, {{anchor("sm2")}, {}}).fault, TokenFault::imprint);
}

TEST(TokenTrusted, AnyCertificateOfItsChainCanBeTheAnchor) {
  const TokenCheck by_ca = check("good", "own");
  ASSERT_TRUE(by_ca.accepted());
  const Hash own = by_ca.facts.certificate;
  const TokenCheck by_own = check_response(fixture("good.tsr"), fixture("stamped.txt"), {{own}, {}});
  EXPECT_TRUE(by_own.accepted()) << by_own.text;
  EXPECT_EQ(by_own.anchor, own);
  EXPECT_EQ(check_response(fixture("good.tsr"), fixture("stamped.txt"), {}).fault, TokenFault::untrusted);
}

TEST(TokenTrusted, AnAnchorThatDoesNotTravelInTheTokenCanBeHandedIn) {
  const Bytes response = fixture("foreign_with_true_ca.tsr"), stamped = fixture("stamped.txt");
  const Bytes ca = fixture("own_ca.der");
  EXPECT_EQ(check_response(response, stamped, {{anchor("own")}, {ca}}).fault, TokenFault::untrusted);
  EXPECT_EQ(sha256(ca), anchor("own"));
  EXPECT_TRUE(check_response(fixture("good.tsr"), stamped, {{anchor("own")}, {ca}}).accepted());
  EXPECT_TRUE(check_response(fixture("good.tsr"), stamped, {{anchor("own")}, {Bytes{1, 2, 3}}}).accepted());  // not of the token: passed over
}

}  // namespace
}  // namespace netsampler::timestamp
