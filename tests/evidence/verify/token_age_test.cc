// Tokens years later: certificates that have ended, renewals, and what CRLs say. Each attack beside its accepted twin.
#include "tests/evidence/verify/helpers.h"
#include "tests/evidence/verify/log_maker.h"

namespace netsampler::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using verify::Report;

constexpr std::int64_t kSecond = 1'000'000, kDay = 86'400 * kSecond;
constexpr std::int64_t kStart = 1'800'000'000 * kSecond;                                                     // 2027, when the case is recorded
constexpr std::int64_t kYear2035 = 2'051'222'400 * kSecond, kYear2045 = 2'366'841'600 * kSecond, kYear2075 = 3'313'526'400 * kSecond;
const std::string kTokens = "data/log/tokens/";

Report judged(LoggedCase made, std::int64_t now_us) {
  made.policy.tsas.push_back({authority(2).certificate(), "authority 2"});
  for (const char* path : {"manifest-sha256.txt", "tagmanifest-sha256.txt", "package.sig"}) made.package.erase(path);
  make_bag(made.package, box_key());
  return report_of(made.package, made.policy, {.now_us = now_us});
}

TEST(TokenYearsLater, CountsWhileItsCertificateLasts) {
  EXPECT_THAT(codes_of(judged(logged_case(), kYear2035)), IsEmpty());
  EXPECT_THAT(codes_of(judged(logged_case(), 0)), IsEmpty()) << "not asked";
}

TEST(TokenYearsLater, CountsNoLongerWithoutARenewal) {
  const Report report = judged(logged_case(), kYear2045);
  EXPECT_STREQ(verify::verdict_of(report), "PARTIAL") << print_of(report);
  EXPECT_THAT(codes_of(report), Contains("token-expired"));
  EXPECT_EQ(report.log.trusted, 0);
}

TEST(TokenYearsLater, CountsWhereALaterOneRenewedItInTime) {
  const Report report = judged(logged_case({.renewed_us = kYear2035}), kYear2045);
  EXPECT_THAT(codes_of(report), IsEmpty()) << print_of(report);
  EXPECT_LT(report.recordings.at(0).not_after_us, kStart + kDay) << "its own time, not the renewal's";
}

TEST(TokenYearsLater, ARenewalThatCameTooLateIsNone) {
  const Report report = judged(logged_case({.renewed_us = kYear2045}), kYear2045 + kDay);
  EXPECT_THAT(codes_of(report), Contains("token-expired")) << print_of(report);
  EXPECT_STREQ(verify::verdict_of(report), "PARTIAL");
}

TEST(TokenYearsLater, ARenewalWhoseTreeDoesNotHoldTheTokenIsNone) {
  const Report report = judged(logged_case({.renewed_us = kYear2035, .renewal_covers = false}), kYear2045);
  EXPECT_THAT(codes_of(report), Contains("token-expired")) << print_of(report);
}

TEST(TokenYearsLater, ARenewalThatHasItselfEndedRenewsNothing) {
  const Report report = judged(logged_case({.renewed_us = kYear2035}), kYear2075);
  EXPECT_EQ(report.log.trusted, 0) << print_of(report);
}

TEST(TokenYearsLater, ARenewalByAStrangerIsNone) {
  LoggedCase made = logged_case({.renewed_us = kYear2035});
  const Report report = report_of(made.package, made.policy, {.now_us = kYear2045});
  EXPECT_THAT(codes_of(report), Contains("token-expired")) << print_of(report);
}

// Anchored in the CA, so that the signer's own certificate can be revoked.
LoggedCase with_crl(const Authority::Crl& plan, const LogPlan& log = {}) {
  LoggedCase made = logged_case(log);
  made.policy.tsas = {{authority(0).ca(), "CA"}};
  made.package[kTokens + "8-0-1.crt"] = authority(0).ca_der();
  made.package[kTokens + "8-0-2.crl"] = authority(0).crl(plan);
  return made;
}

TEST(Revocation, ACleanListIsNoFinding) {
  EXPECT_THAT(codes_of(judged(with_crl({.this_us = kStart - kDay, .next_us = kStart + kDay}), 0)), IsEmpty());
}

TEST(Revocation, WithoutAListANoteSaysSo) {
  LoggedCase made = with_crl({.this_us = 0, .next_us = 0});
  made.package.erase(kTokens + "8-0-2.crl");
  const Report report = judged(made, 0);
  EXPECT_THAT(codes_of(report), ElementsAre("revocation-unknown"));
  EXPECT_STREQ(verify::verdict_of(report), "INTACT");
}

TEST(Revocation, AListThatEndedBeforeTheTokenIsNotEnough) {
  EXPECT_THAT(codes_of(judged(with_crl({.this_us = kStart - 9 * kDay, .next_us = kStart - kDay}), 0)), ElementsAre("revocation-unknown"));
}

TEST(Revocation, AListBySomebodyElseProvesNothing) {
  const Report report = judged(with_crl({.this_us = kStart - kDay, .next_us = kStart + kDay, .revoked_us = kStart - kDay, .by_signer = true}), 0);
  EXPECT_THAT(codes_of(report), Contains("uncovered")) << print_of(report);
  EXPECT_THAT(codes_of(report), Contains("revocation-unknown"));
  EXPECT_THAT(codes_of(report), Not(Contains("token-invalid")));
}

TEST(Revocation, RevokedBeforeItStampedIsInvalid) {
  for (const int reason : {-1, 1, 4}) {
    const Report report = judged(with_crl({.this_us = kStart + kDay, .next_us = kStart + 9 * kDay, .revoked_us = kStart - kDay, .reason = reason}), 0);
    EXPECT_STREQ(verify::verdict_of(report), "BROKEN") << reason;
    EXPECT_THAT(codes_of(report), Contains("token-invalid")) << print_of(report);
  }
}

TEST(Revocation, RetiredAfterwardsLeavesEarlierStampsStanding) {
  const Report report = judged(with_crl({.this_us = kStart + 9 * kDay, .next_us = kStart + 19 * kDay, .revoked_us = kStart + kDay, .reason = 4}), 0);
  EXPECT_THAT(codes_of(report), ElementsAre("revoked-later")) << print_of(report);
  EXPECT_STREQ(verify::verdict_of(report), "INTACT");
}

TEST(Revocation, AKeyInOtherHandsAfterwardsVoidsWhatNothingElseDates) {
  for (const int reason : {-1, 1}) {
    const Report report = judged(with_crl({.this_us = kStart + 9 * kDay, .next_us = kStart + 19 * kDay, .revoked_us = kStart + kDay, .reason = reason}), 0);
    EXPECT_STREQ(verify::verdict_of(report), "PARTIAL") << print_of(report);
    EXPECT_THAT(codes_of(report), Contains("token-compromised"));
  }
}

TEST(Revocation, ARenewalFromBeforeTheKeyWasLostKeepsTheToken) {
  const Authority::Crl lost{.this_us = kYear2035, .next_us = kYear2035 + kDay, .revoked_us = kYear2035 - kDay, .reason = 1};
  const Report kept = judged(with_crl(lost, {.renewed_us = kYear2035 - 9 * kDay}), 0);
  EXPECT_THAT(codes_of(kept), IsEmpty()) << print_of(kept);
  const Report late = judged(with_crl(lost, {.renewed_us = kYear2035}), 0);
  EXPECT_THAT(codes_of(late), Contains("token-compromised")) << print_of(late);
}

}  // namespace
}  // namespace netsampler::test
