#include <unistd.h>

#include "evidence/ledger/box_key.h"
#include "tests/evidence/ledger/ledger_world.h"
#include "tests/support/temp_directory.h"

namespace netsampler {
namespace {

struct RecoveryTest : ::testing::Test {
  TestWorld world;
  std::string id;
  void SetUp() override {
    world.started();
    ASSERT_TRUE(world.ledger->case_open("A1", "alice", Json::object(), {{"title", "玩具"}}).ok());
    id = world.open("unboxing", "A1");
    ASSERT_TRUE(world.page(id).ok());
  }
  void killed() {
    world.ledger.reset();
    world.disk.come_back(Cut::killed);
  }
  Json finding(const std::string& book, const std::string& code) {
    for (const auto& record : world.book(book))
      if (record.head.type == "finding" && record.body["code"] == code) return record.body;
    return Json::object();
  }
};

TEST_F(RecoveryTest, AnInterruptedRecordingIsSaidIncludedAndNeverExtended) {
  killed();
  world.disk.append_raw(world.root_of(id) + "/chain.jsonl", "{\"torn");
  world.started();
  const Json body = finding("A1", "interrupted");
  EXPECT_EQ(body["recording"], id);
  EXPECT_EQ(body["torn_bytes"], 6);
  EXPECT_EQ(body["torn_sha256"], hex_of(sha256(as_bytes("{\"torn"))));
  EXPECT_EQ(world.included("A1"), (std::vector<std::string>{id + " recovery"}));
  const auto chain = world.disk.read(world.root_of(id) + "/chain.jsonl", 1u << 20).take();
  EXPECT_TRUE(as_text(chain).ends_with("\n{\"torn"));
  EXPECT_EQ(world.ledger->append(id, "fact", waybill_body(), Json::object(), {}).error().kind, ErrorKind::not_found);
}

TEST_F(RecoveryTest, SaysWhereItStoppedAndThatTheLedgerDied) {
  const Record last = world.chain(id).back();
  killed();
  world.clock.advance(30'000'000);
  world.started();
  const Json body = finding("A1", "interrupted");
  EXPECT_EQ(body["cause"], "process-died");
  EXPECT_EQ(body["last_seq"], last.head.seq);
  EXPECT_EQ(body["last_us"], last.head.at_us);
}

TEST_F(RecoveryTest, SaysThatTheMachineRestarted) {
  killed();
  world.clock.id = "00000000-0000-4000-8000-000000000002";
  world.started();
  EXPECT_EQ(finding("A1", "interrupted")["cause"], "restarted");
}

TEST_F(RecoveryTest, SaysThatTheDiskFailed) {
  world.disk.fail_once_at = world.disk.operations + 1;
  EXPECT_FALSE(world.waybill(id, "YT1").ok());
  EXPECT_FALSE(world.ledger->close(id, "stopped", {}).ok());
  EXPECT_EQ(finding("A1", "interrupted")["cause"], "disk-failed");
}

TEST_F(RecoveryTest, SaysThatItsKeysHadRunOut) {
  world.clock.advance(kEpochUs * kEpochs + 5'000'000);
  world.ledger->tick();
  EXPECT_EQ(finding("A1", "interrupted")["cause"], "keys-ended");
}

TEST_F(RecoveryTest, OfOneCutBeforeItsFirstRecordItSaysNeither) {
  killed();
  const std::string cut(26, 'a');
  ASSERT_TRUE(world.disk.make_directories(world.root_of(cut)).ok());
  ASSERT_TRUE(write_whole(world.disk, world.root_of(cut) + "/chain.jsonl", as_bytes("{\"half")).ok());
  world.started();
  const Json body = finding("box", "interrupted");
  EXPECT_EQ(body["recording"], cut);
  EXPECT_EQ(body["torn_bytes"], 6);
  EXPECT_FALSE(body.contains("cause") || body.contains("last_seq"));
}

TEST_F(RecoveryTest, AClosedOneIsNotSaidToBeInterrupted) {
  ASSERT_TRUE(world.ledger->close(id, "stopped", {}).ok());
  killed();
  world.started();
  EXPECT_TRUE(finding("A1", "interrupted").empty());
  EXPECT_EQ(world.included("A1"), (std::vector<std::string>{id + " officer"}));
}

TEST_F(RecoveryTest, FilesThatNoRecordNamesAreTold) {
  killed();
  const auto orphan = world.disk.create(world.root_of(id) + "/pages/1/late.warc").take();
  ASSERT_TRUE(orphan->write(as_bytes("late")).ok());
  world.started();
  const Json body = finding("A1", "interrupted");
  EXPECT_EQ(body["count"], 1);
  ASSERT_EQ(body["orphans"].size(), 1u);
  EXPECT_EQ(body["orphans"][0]["path"], "pages/1/late.warc");
  EXPECT_EQ(body["orphans"][0]["sha256"], hex_of(sha256(as_bytes("late"))));
}

TEST_F(RecoveryTest, WithoutACaseTheBoxsBookSaysItAndTheWaybillStillFindsIt) {
  const std::string alone = world.open("unboxing");
  ASSERT_TRUE(world.waybill(alone, "YT5").ok());
  killed();
  world.started();
  EXPECT_EQ(finding("box", "interrupted")["recording"], alone);
  EXPECT_EQ(world.ledger->status()->at("unclaimed"), Json::array({alone}));
  world.with_samplers();
  const std::string told = world.open("logistics", "A1");
  ASSERT_TRUE(world.waybill(told, "YT5").ok());
  ASSERT_TRUE(world.ledger->close(told, "stopped", kTwo).ok());
  EXPECT_EQ(world.included("A1").back(), alone + " waybill");
}

TEST_F(RecoveryTest, ATornBookIsPutAsideByHashAndGoesOn) {
  killed();
  const std::string root = "/state/data/cases/A1";
  world.disk.append_raw(root + "/book.jsonl", "{\"half");
  world.disk.append_raw(root + "/private.jsonl", "{\"half of an opening");
  world.started();
  const Json body = finding("A1", "torn");
  EXPECT_EQ(body["torn_bytes"], 6);
  EXPECT_EQ(body["files"].size(), 2u);
  const auto kept = world.disk.read(root + "/files/" + hex_of(sha256(as_bytes("{\"half"))) + ".torn", 100).take();
  EXPECT_EQ(as_text(kept), "{\"half");
  EXPECT_TRUE(world.ledger->book_append("A1", "custody", "alice", {{"action", "view"}}, Json::object(), {}).ok());
}

TEST_F(RecoveryTest, OpeningsOfARecordThatNeverWasAreNotTakenForTheNextOnes) {
  killed();
  const auto stray = make_openings(1, {{"title", "nobody"}}).take();
  world.disk.append_raw("/state/data/cases/A1/private.jsonl", stray.lines[0] + "\n");
  world.started();
  const auto text = world.disk.read("/state/data/cases/A1/private.jsonl", 1u << 16).take();
  EXPECT_EQ(as_text(text).find("nobody"), std::string_view::npos);
  EXPECT_NE(as_text(text).find("玩具"), std::string_view::npos);
  EXPECT_EQ(finding("A1", "orphan")["count"], 1);
}

TEST_F(RecoveryTest, ADamagedBookIsNotWrittenBehindAndTheOthersWork) {
  ASSERT_TRUE(world.ledger->case_open("A2", "alice", Json::object(), Json::object()).ok());
  killed();
  world.disk.damage("/state/data/cases/A1/book.jsonl", 20);
  world.started();
  const auto refused = world.ledger->book_append("A1", "custody", "alice", {{"action", "view"}}, Json::object(), {});
  EXPECT_FALSE(refused.ok());
  EXPECT_TRUE(world.ledger->book_append("A2", "custody", "alice", {{"action", "view"}}, Json::object(), {}).ok());
  EXPECT_EQ(finding("box", "interrupted")["recording"], id);
}

TEST_F(RecoveryTest, ABookThatTheDiskDoesNotGiveIsRefusedAndTheOthersWork) {
  ASSERT_TRUE(world.ledger->case_open("A2", "alice", Json::object(), Json::object()).ok());
  const std::string other = world.open("reception", "A2");
  killed();
  world.disk.unreadable = "/state/data/cases/A1/book.jsonl";
  world.started();
  const Json view{{"action", "view"}};
  EXPECT_EQ(world.ledger->book_append("A1", "custody", "alice", view, Json::object(), {}).error().kind, ErrorKind::io);
  EXPECT_EQ(world.ledger->case_open("A1", "alice", Json::object(), Json::object()).error().kind, ErrorKind::io) << "it is not a new case";
  EXPECT_EQ(world.ledger->open({"unboxing", "A1", "", {}, ""}).error().kind, ErrorKind::io);
  EXPECT_TRUE(world.ledger->status()->at("broken_cases").contains("A1"));
  EXPECT_TRUE(world.ledger->book_append("A2", "custody", "alice", view, Json::object(), {}).ok());
  EXPECT_EQ(world.included("A2"), (std::vector<std::string>{other + " recovery"}));
  world.disk.unreadable.clear();
  world.started();
  EXPECT_TRUE(world.ledger->status()->at("broken_cases").empty());
  EXPECT_TRUE(world.ledger->book_append("A1", "custody", "alice", view, Json::object(), {}).ok());
  EXPECT_EQ(world.included("A1"), (std::vector<std::string>{id + " recovery"}));
}

TEST_F(RecoveryTest, WithoutTheBoxsOwnBookItDoesNotStart) {
  killed();
  world.disk.unreadable = "/state/data/cases/box/book.jsonl";
  EXPECT_EQ(world.start().error().kind, ErrorKind::io);
}

TEST_F(RecoveryTest, ABrokenBoxKeyStopsTheStartAndANewOneIsNotMade) {
  killed();
  const auto before = world.disk.read("/state/keys/box.key", 100).take();
  world.disk.damage("/state/keys/box.key", before.size() - 2);
  EXPECT_EQ(world.start().error().kind, ErrorKind::invalid);
  world.disk.damage("/state/keys/box.key", before.size() - 2);
  EXPECT_TRUE(world.start().ok());
}

// What the ledger will not read (a link) is not an absent key: another key would make another box of this one.
TEST(BoxKey, ThatIsALinkIsNotReplaced) {
  crypto_start();
  const TempDirectory directory;
  RealFileSystem disk;
  ASSERT_EQ(::symlink("elsewhere.key", (directory / "box.key").c_str()), 0);
  const auto take = [&](const std::string& keys) { return take_box_key(disk, {}, KeyFiles(directory / keys), std::nullopt, false); };
  EXPECT_EQ(take("").error().kind, ErrorKind::invalid);
  EXPECT_FALSE(disk.info(directory / "box.key").ok()) << "it is still the link";
  EXPECT_FALSE(Accounts::load(disk, directory / "box.key").ok());
  const auto made = take("new");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(take("new")->key.public_key(), made->key.public_key());
}

TEST_F(RecoveryTest, StoppedInGoodOrderTheRecordingIsClosed) {
  world.ledger->stop();
  EXPECT_EQ(world.chain(id).back().body["reason"], "failed");
  EXPECT_EQ(world.included("A1"), (std::vector<std::string>{id + " officer"}));
}

}  // namespace
}  // namespace netsampler
