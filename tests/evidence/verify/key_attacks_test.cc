// Attacks on a change of the box's key, each beside what is accepted: a book whose box got a new key and went on.
#include "tests/evidence/verify/helpers.h"
#include "tests/evidence/verify/log_maker.h"

namespace netsampler::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using verify::Report;

constexpr std::int64_t kChangedUs = 1'800'000'000'000'000;

struct Book {
  ManualClock clock;
  SigningKey first = box_key(), second = other_key(), stranger{seed_of(3)};
  BookMaker book{kCase, clock, first};

  Book() { book.open(); }
  void view() { book.add("custody", {{"action", "view"}}); }
  KeyHistory rotation() const { return {rotate_key(first, second, kChangedUs)}; }
  KeyHistory loss() const { return {replace_lost_key(first.public_key(), second, kChangedUs)}; }
  Report report(bool trusts_second = true) {
    Policy policy = test_policy();
    if (trusts_second) policy.boxes.push_back({second.public_key(), "测试设备"});
    return report_of(book.files, policy);
  }
};

TEST(KeyChange, ARotatedKeyIsFollowedAndEachKeyMustBeTrusted) {
  Book made;
  made.book.change_key(made.rotation(), made.second);
  made.view();
  EXPECT_THAT(codes_of(made.report()), ElementsAre("unstamped")) << print_of(made.report());
  EXPECT_EQ(*made.report().books.at(0).box_key, made.second.public_key());
  EXPECT_THAT(codes_of(made.report(false)), Contains("untrusted"));
}

TEST(KeyChange, SeveralAtOnceAreFollowed) {
  Book made;
  KeyHistory history = made.rotation();
  history.push_back(rotate_key(made.second, made.stranger, kChangedUs + 1));
  made.book.change_key(history, made.stranger);
  made.view();
  Policy policy = test_policy();
  policy.boxes.push_back({made.stranger.public_key(), "第三把"});
  EXPECT_THAT(codes_of(report_of(made.book.files, policy)), ElementsAre("unstamped")) << print_of(report_of(made.book.files, policy));
}

TEST(KeyChange, ALostKeyIsPartialFromThereOn) {
  Book made;
  made.book.change_key(made.loss(), made.second);
  made.view();
  const Report report = made.report();
  EXPECT_THAT(codes_of(report), ElementsAre("key-lost", "unstamped")) << print_of(report);
  EXPECT_STREQ(verify::verdict_of(report), "PARTIAL");
}

struct KeyAttack {
  const char* name;
  std::function<void(Book&)> make;
  const char* verdict;
  const char* code;
};

void go_on(Book& b, const KeyHistory& changes, const SigningKey& key) {
  b.book.change_key(changes, key);
  b.view();
}

const KeyAttack kKeyAttacks[] = {
    {"StrangerClaimsALoss", [](Book& b) { go_on(b, {replace_lost_key(b.first.public_key(), b.stranger, kChangedUs)}, b.stranger); }, "PARTIAL", "untrusted"},
    {"StrangersLossIsNamed", [](Book& b) { go_on(b, {replace_lost_key(b.first.public_key(), b.stranger, kChangedUs)}, b.stranger); }, "PARTIAL", "key-lost"},
    {"NewKeyWithoutAChange", [](Book& b) { b.book.sign_with(b.second); b.view(); }, "BROKEN", "signature"},
    {"OldKeyDidNotSign", [](Book& b) {
       KeyHistory forged = b.loss();
       forged[0].old_sig = b.stranger.sign(as_bytes("anything"));
       go_on(b, forged, b.second);
     }, "BROKEN", "key-change"},
    {"OldKeySignedAnotherMoment", [](Book& b) {
       KeyHistory forged = b.rotation();
       ++forged[0].changed_us;
       go_on(b, forged, b.second);
     }, "BROKEN", "key-change"},
    {"WrongProofOfTheNewKey", [](Book& b) {
       KeyHistory forged = b.rotation();
       forged[0].new_sig[5] ^= 1;
       go_on(b, forged, b.second);
     }, "BROKEN", "key-change"},
    {"ChangeOfAnotherBoxesKey", [](Book& b) { go_on(b, {rotate_key(b.stranger, b.second, kChangedUs)}, b.second); }, "BROKEN", "key-change"},
    {"RotationMadeALoss", [](Book& b) {
       KeyHistory forged = b.rotation();
       forged[0].old_sig.reset();
       go_on(b, forged, b.second);
     }, "BROKEN", "key-change"},
    {"OldKeyUsedAfterIt", [](Book& b) {
       b.book.change_key(b.rotation(), b.second);
       b.book.sign_with(b.first);
       b.view();
     }, "BROKEN", "signature"},
    {"RecordSignedByTheOldKey", [](Book& b) {
       b.book.change_key(b.rotation(), b.first);
       b.view();
     }, "BROKEN", "signature"},
    {"ChangedTwice", [](Book& b) {
       b.book.change_key(b.rotation(), b.second);
       go_on(b, b.rotation(), b.second);
     }, "BROKEN", "key-change"},
    {"ReplayedIntoAnotherBook", [](Book& b) {
       BookMaker other("CQ-2026-002", b.clock, b.first);
       other.open();
       other.change_key(b.rotation(), b.second);
       b.book.files["book.jsonl"] += line_at(other.files["book.jsonl"], 1) + "\n";
     }, "BROKEN", "wrong-chain"},
    {"MoreMembersThanItsOwn", [](Book& b) {
       b.book.change_key(b.rotation(), b.second, [](Json& object) { object["changes"][0]["note"] = "x"; });
     }, "BROKEN", "record-shape"},
    {"NoChangeAtAll", [](Book& b) { b.book.change_key({}, b.second); }, "BROKEN", "record-shape"},
    {"HistoryOfAnotherKeyInTheOpening", [](Book& b) {
       BookMaker other(kCase, b.clock, b.first);
       other.more_open["key_history"] = json_of(b.rotation());
       other.open();
       b.book.files = other.files;
     }, "BROKEN", "key-change"},
};

class AttackOnAKey : public testing::TestWithParam<KeyAttack> {};

TEST_P(AttackOnAKey, IsNamed) {
  Book made;
  GetParam().make(made);
  const Report report = made.report();
  EXPECT_STREQ(verify::verdict_of(report), GetParam().verdict) << print_of(report);
  EXPECT_THAT(codes_of(report), Contains(GetParam().code)) << print_of(report);
}

INSTANTIATE_TEST_SUITE_P(Attacks, AttackOnAKey, testing::ValuesIn(kKeyAttacks), [](const auto& one) { return std::string(one.param.name); });

// With a log and time stamps: the checkpoints before the change are the old key's, those after it the new one's.
TEST(KeyChange, AStampedCaseThatWasRotatedIsIntact) {
  for (const LogPlan& plan : {LogPlan{.rotated = true}, LogPlan{.younger = true}}) {
    const LoggedCase made = logged_case(plan);
    const Report report = report_of(made.package, made.policy);
    EXPECT_THAT(codes_of(report), IsEmpty()) << print_of(report);
    EXPECT_STREQ(verify::verdict_of(report), "INTACT");
  }
}

TEST(KeyChange, WithoutTheOldKeysLineItIsUntrusted) {
  for (const LogPlan& plan : {LogPlan{.rotated = true}, LogPlan{.younger = true}}) {
    LoggedCase made = logged_case(plan);
    std::erase_if(made.policy.boxes, [](const Policy::Box& box) { return box.key == box_key().public_key(); });
    EXPECT_THAT(codes_of(report_of(made.package, made.policy)), ElementsAre("untrusted"));
  }
}

TEST(KeyChange, AnOldCheckpointOfAKeyThatNobodyNamesIsRefused) {
  LoggedCase made = logged_case({.younger = true});
  EXPECT_THAT(codes_of(report_of(made.package, made.policy)), Not(Contains("log-signature")));
  made.package["data/log/checkpoint"] = sign_checkpoint(kLastSize, sha256({}), SigningKey(seed_of(3)));
  EXPECT_THAT(codes_of(report_of(made.package, made.policy)), Contains("log-signature"));
}

TEST(KeyChange, ThePackageIsSignedByTheNewestKey) {
  LoggedCase made = logged_case({.rotated = true});
  made.package.erase("package.sig");
  make_bag(made.package, box_key());
  EXPECT_THAT(codes_of(report_of(made.package, made.policy)), Contains("package-signature"));
}

}  // namespace
}  // namespace netsampler::test
