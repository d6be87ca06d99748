// One turn at a time, authorities and log made up: which is asked, what is kept, when it comes back.
#include "evidence/stamp/stamper.h"

#include <map>

#include "tests/evidence/timestamp/fixtures.h"

namespace netsampler::stamp {
namespace {

struct Stored {
  std::int64_t size;
  std::string authority;
  std::int64_t renew_by_us;
};

struct FakeLog final : BoxLogDoor {
  std::optional<WaitingCheckpoint> next;
  std::optional<Error> refusal;
  std::vector<Stored> stored;
  Result<std::optional<WaitingCheckpoint>> waiting() override { return next; }
  Result<void> store(const NewToken& token) override {
    if (refusal.has_value()) return *refusal;
    stored.push_back({token.checkpoint_size, token.authority, token.renew_by_us});
    next.reset();
    return {};
  }
};

class StampTurns : public testing::Test {
 protected:
  void wait(std::int64_t size) { box_log.next = WaitingCheckpoint{size, std::string(as_text(timestamp::fixture("stamped.txt")))}; }
  Stamper stamper(std::vector<std::string> authorities) {
    StampSettings settings;
    settings.authorities = std::move(authorities);
    StampWorld world;
    world.post = [this](const std::string& url, ByteView) -> Result<Bytes> {
      asked.push_back(url);
      if (answers.count(url) == 0) return fail(ErrorKind::unavailable, "nobody answers");
      return timestamp::fixture(answers[url] + ".tsr");
    };
    world.make_query = [](const Hash&) { return timestamp::TimeStampQuery{{}, timestamp::kQueryNonce}; };
    world.anchors = [this] { return anchors; };
    world.stopped = [this] { return stopped; };
    return Stamper(std::move(settings), std::move(world), box_log);
  }
  std::map<std::string, std::string> answers{{"a", "good"}, {"b", "sm2"}};
  std::vector<Hash> anchors{timestamp::anchor("own"), timestamp::anchor("sm2")};
  std::vector<std::string> asked;
  bool stopped = false;
  FakeLog box_log;
};

using Asked = std::vector<std::string>;

TEST_F(StampTurns, NothingWaitsNobodyIsAsked) {
  Stamper it = stamper({"a", "b"});
  EXPECT_EQ(it.turn().kind, StampTurn::Kind::nothing);
  EXPECT_TRUE(asked.empty());
}

TEST_F(StampTurns, AuthoritiesTakeTurns) {
  Stamper it = stamper({"a", "b"});
  for (const std::int64_t size : {3, 5, 9}) {
    wait(size);
    const StampTurn turn = it.turn();
    EXPECT_EQ(turn.kind, StampTurn::Kind::stamped) << turn.trouble;
    EXPECT_EQ(turn.checkpoint_size, size);
    EXPECT_EQ(turn.next_us, 60'000'000);
  }
  EXPECT_EQ(asked, (Asked{"a", "b", "a"}));
  ASSERT_EQ(box_log.stored.size(), 3u);
  EXPECT_EQ(box_log.stored[1].size, 5);
  EXPECT_EQ(box_log.stored[1].authority, "b");
}

TEST_F(StampTurns, TheNextInTurnWhereOneFails) {
  Stamper it = stamper({"dead", "a"});
  wait(3);
  EXPECT_EQ(it.turn().authority, "a");
  EXPECT_EQ(asked, (Asked{"dead", "a"}));
}

TEST_F(StampTurns, ALiarIsPassedOverAndNamedWhereAllFail) {
  for (const auto& [lie, code] : std::map<std::string, std::string>{{"wrong_nonce", "token-nonce"},
                                                                    {"wrong_imprint", "token-imprint"},
                                                                    {"no_eku", "token-purpose"},
                                                                    {"old_too_late", "token-chain"},
                                                                    {"foreign_with_true_ca", "tsa-untrusted"},
                                                                    {"refused", "token-refused"}}) {
    answers["liar"] = lie;
    wait(3);
    EXPECT_EQ(stamper({"liar", "a"}).turn().authority, "a") << lie;
    wait(3);
    const StampTurn alone = stamper({"liar"}).turn();
    EXPECT_EQ(alone.kind, StampTurn::Kind::failed) << lie;
    EXPECT_NE(alone.trouble.find("liar: " + code), std::string::npos) << alone.trouble;
  }
  EXPECT_EQ(box_log.stored.size(), 6u);
}

TEST_F(StampTurns, WithoutAnchorsOfItsOwnTheBoxTakesAnyAuthorityButNoLiar) {
  anchors.clear();
  wait(3);
  EXPECT_EQ(stamper({"a"}).turn().kind, StampTurn::Kind::stamped);
  answers["liar"] = "wrong_signature";
  wait(3);
  EXPECT_EQ(stamper({"liar"}).turn().kind, StampTurn::Kind::failed);
}

TEST_F(StampTurns, FailureComesBackLaterEachTimeUpToABound) {
  Stamper it = stamper({"dead"});
  wait(3);
  std::vector<std::int64_t> waits_s;
  for (int i = 0; i < 8; ++i) waits_s.push_back(it.turn().next_us / 1'000'000);
  EXPECT_EQ(waits_s, (std::vector<std::int64_t>{5, 10, 20, 40, 80, 160, 300, 300}));
}

TEST_F(StampTurns, TheNetworksReturnStampsWhatWaitsAndForgetsThePast) {
  Stamper it = stamper({"dead"});
  wait(3);
  it.turn();
  it.turn();
  wait(7);
  answers["dead"] = "good";
  const StampTurn turn = it.turn();
  EXPECT_EQ(turn.kind, StampTurn::Kind::stamped) << turn.trouble;
  EXPECT_EQ(turn.checkpoint_size, 7);
  answers.erase("dead");
  wait(9);
  EXPECT_EQ(it.turn().next_us, 5'000'000);
}

TEST_F(StampTurns, ATokenWaitsForALedgerThatIsGone) {
  Stamper it = stamper({"a", "b"});
  wait(3);
  box_log.refusal = fail(ErrorKind::unavailable, "the ledger is gone");
  EXPECT_EQ(it.turn().kind, StampTurn::Kind::failed);
  box_log.refusal.reset();
  EXPECT_EQ(it.turn().kind, StampTurn::Kind::stamped);
  EXPECT_EQ(asked, Asked{"a"});  // the same token, not another one
}

TEST_F(StampTurns, ATokenThatTheLedgerRefusesIsNotHandedOverTwice) {
  Stamper it = stamper({"a", "b"});
  wait(3);
  box_log.refusal = fail(ErrorKind::invalid, "no such checkpoint");
  EXPECT_EQ(it.turn().kind, StampTurn::Kind::failed);
  box_log.refusal.reset();
  EXPECT_EQ(it.turn().kind, StampTurn::Kind::stamped);
  EXPECT_EQ(asked, (Asked{"a", "b"}));
}

TEST_F(StampTurns, NobodyIsAskedOnceItIsToEnd) {
  Stamper it = stamper({"a", "b"});
  wait(3);
  stopped = true;
  EXPECT_EQ(it.turn().kind, StampTurn::Kind::failed);
  EXPECT_TRUE(asked.empty());
}

}  // namespace
}  // namespace netsampler::stamp
