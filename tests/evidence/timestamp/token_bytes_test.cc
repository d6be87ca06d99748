// What happens to a good response's bytes: cut anywhere, lengthened, any byte changed.
#include <algorithm>

#include "fixtures.h"

namespace netsampler::timestamp {
namespace {

class Bytewise : public testing::TestWithParam<std::pair<const char*, const char*>> {
 protected:
  void SetUp() override {
    response_ = fixture(std::string(GetParam().first) + ".tsr");
    stamped_ = fixture("stamped.txt");
    trust_ = {{anchor(GetParam().second)}, {}};
    whole_ = check(response_);
    ASSERT_TRUE(whole_.accepted()) << whole_.text;
  }
  TokenCheck check(const Bytes& bytes) const { return check_response(bytes, stamped_, trust_, {kQueryNonce, ""}); }
  Bytes response_, stamped_;
  TokenTrust trust_;
  TokenCheck whole_;
};

TEST_P(Bytewise, CutAnywhereIsNeverAccepted) {
  for (std::size_t size = 0; size < response_.size(); ++size) {
    const Bytes cut(response_.begin(), response_.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(check(cut).fault, TokenFault::malformed) << size;
  }
}

TEST_P(Bytewise, BytesBehindTheEndAreNotAccepted) {
  Bytes longer = response_;
  longer.push_back(0);
  EXPECT_EQ(check(longer).fault, TokenFault::malformed);
  Bytes twice = response_;
  append(twice, response_);
  EXPECT_EQ(check(twice).fault, TokenFault::malformed);
}

// A byte that the signature does not cover (the status, a version) may change; what is proved may not.
TEST_P(Bytewise, AChangedByteNeverProvesAnythingElse) {
  std::size_t still_good = 0;
  for (std::size_t i = 0; i < response_.size(); ++i) {
    Bytes changed = response_;
    changed[i] ^= 0x01;
    const TokenCheck result = check(changed);
    if (!result.accepted()) continue;
    ++still_good;
    EXPECT_EQ(result.facts.gen_time_us, whole_.facts.gen_time_us) << i;
    EXPECT_EQ(result.facts.certificate, whole_.facts.certificate) << i;
    EXPECT_EQ(result.facts.serial, whole_.facts.serial) << i;
  }
  EXPECT_LT(still_good, response_.size() / 20);
}

// The list of digest algorithms is the first place where the signer's digest stands; the signature does not cover it.
TEST_P(Bytewise, DigestListThatLacksTheSignersIsRefused) {
  static constexpr std::uint8_t kSha256[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01};
  static constexpr std::uint8_t kSm3[] = {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x11};
  const ByteView digest = std::string_view(GetParam().second) == "sm2" ? ByteView(kSm3) : ByteView(kSha256);
  Bytes changed = response_;
  const auto found = std::search(changed.begin(), changed.end(), digest.begin(), digest.end());
  ASSERT_NE(found, changed.end());
  *(found + static_cast<std::ptrdiff_t>(digest.size()) - 1) ^= 0x02;
  EXPECT_EQ(check(changed).fault, TokenFault::malformed);
}

TEST_P(Bytewise, MoreThanTheBoundIsNotRead) {
  Bytes large = response_;
  large.resize(kResponseLimitBytes + 1);
  EXPECT_EQ(check(large).fault, TokenFault::malformed);
}

INSTANTIATE_TEST_SUITE_P(Each, Bytewise,
                         testing::Values(std::pair{"good", "own"}, std::pair{"openssl_rsa", "openssl_rsa"}, std::pair{"sm2_gm", "sm2"}),
                         [](const auto& each) { return std::string(each.param.first); });

}  // namespace
}  // namespace netsampler::timestamp
