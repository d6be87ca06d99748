#include "tests/evidence/ledger/ledger_world.h"

namespace netsampler {
namespace {

struct SamplersTest : ::testing::Test {
  TestWorld world;
  void SetUp() override {
    world.started();
    world.with_samplers();
    ASSERT_TRUE(world.ledger->case_open("A1", "alice", Json::object(), Json::object()).ok());
  }
  ErrorKind open_with(const std::vector<SamplerLogin>& samplers) {
    const auto opened = world.ledger->open({"purchase", "A1", "", samplers, ""});
    return opened.ok() ? ErrorKind::internal : opened.error().kind;
  }
};

TEST_F(SamplersTest, APurchaseStartsAndEndsWithTwoDifferentSamplers) {
  EXPECT_EQ(open_with({}), ErrorKind::denied);
  EXPECT_EQ(open_with({kTwo[0]}), ErrorKind::denied);
  EXPECT_EQ(open_with({kTwo[0], kTwo[0]}), ErrorKind::denied);
  EXPECT_EQ(open_with({kTwo[0], {"bob", "wrong-password"}}), ErrorKind::denied);
  EXPECT_EQ(open_with({kTwo[0], {"carol", "carol-password"}}), ErrorKind::denied);
  const std::string id = world.open("purchase", "A1");
  EXPECT_EQ(world.ledger->close(id, "stopped", {kTwo[0]}).error().kind, ErrorKind::denied);
  EXPECT_EQ(world.ledger->close(id, "void", {}).error().kind, ErrorKind::denied);
  ASSERT_TRUE(world.ledger->close(id, "stopped", kTwo).ok());
  const auto chain = world.chain(id);
  EXPECT_EQ(chain.front().body["samplers"], (Json{"alice", "bob"}));
  EXPECT_EQ(chain.back().body["samplers"], (Json{"alice", "bob"}));
}

TEST_F(SamplersTest, WhatNobodyStoppedNeedsNoSamplersToEnd) {
  const std::string id = world.open("purchase", "A1");
  EXPECT_TRUE(world.ledger->close(id, "failed", {}).ok());
}

TEST_F(SamplersTest, AccountsOutliveTheLedgerAndAreCheckedAgain) {
  world.started();
  EXPECT_EQ(*world.ledger->account_check("alice", "alice-password"), "抽样人员");
  EXPECT_EQ(world.ledger->account_check("alice", "Alice-password").error().kind, ErrorKind::denied);
  EXPECT_EQ(world.ledger->account_add("alice", "另一人", "other-password").error().kind, ErrorKind::busy);
  EXPECT_EQ(world.ledger->account_add("dave", "短", "short").error().kind, ErrorKind::invalid);
  EXPECT_EQ(world.ledger->account_add("../x", "名", "long-enough").error().kind, ErrorKind::invalid);
  const auto stored = world.disk.read("/state/accounts.json", 1u << 16).take();
  EXPECT_EQ(as_text(stored).find("alice-password"), std::string_view::npos);
}

TEST_F(SamplersTest, TheBoxTellsItsOwnBookOfLoginsAndAccounts) {
  (void)world.ledger->account_check("alice", "wrong-password").ok();
  const auto book = world.book("box");
  EXPECT_EQ(book[1].body["action"], "start");
  EXPECT_EQ(book[2].body["account"], "alice");
  EXPECT_EQ(book.back().body["outcome"], "denied");
}

TEST_F(SamplersTest, BrokenAccountsLetNobodyIn) {
  world.disk.damage("/state/accounts.json", 0);
  EXPECT_EQ(world.start().error().kind, ErrorKind::invalid);
}

// Somebody types a password, or a telephone number, where the account belongs: a public record must not keep it.
TEST_F(SamplersTest, WhatIsNoAccountIsNotWrittenDown) {
  EXPECT_EQ(world.ledger->account_check("13800001234", "wrong-password").error().kind, ErrorKind::denied);
  EXPECT_FALSE(world.ledger->open({"purchase", "A1", ":7", {{"13800001234", "wrong-password"}, kTwo[1]}, ""}).ok());
  const auto book = world.disk.read("/state/data/cases/box/book.jsonl", 1u << 20).take();
  EXPECT_EQ(as_text(book).find("13800001234"), std::string_view::npos);
  EXPECT_EQ(world.book("box").back().body["account"], "?");
}

}  // namespace
}  // namespace netsampler
