#include <sys/mman.h>

#include "evidence/format/epoch_keys.h"
#include "tests/evidence/ledger/ledger_world.h"

namespace netsampler {
namespace {

struct RecordingTest : ::testing::Test {
  TestWorld world;
  std::string id;
  void SetUp() override {
    world.started();
    ASSERT_TRUE(world.ledger->case_open("A1", "alice", Json::object(), {{"title", "玩具"}}).ok());
    id = world.open("unboxing", "A1", ":7");
  }
  ErrorKind refused(const Result<Receipt>& outcome, const std::string& says) {
    EXPECT_FALSE(outcome.ok());
    if (outcome.ok()) return ErrorKind::internal;
    EXPECT_NE(outcome.error().text.find(says), std::string::npos) << outcome.error().text;
    return outcome.error().kind;
  }
};

TEST_F(RecordingTest, EveryRecordIsSignedByTheKeyOfItsEpoch) {
  ASSERT_TRUE(world.page(id).ok());
  world.clock.advance(125'000'000);
  world.ledger->tick();
  ASSERT_TRUE(world.waybill(id, "YT1").ok());
  ASSERT_TRUE(world.ledger->close(id, "stopped", {}).ok());
  const auto chain = world.chain(id);
  const auto text = world.disk.read(world.root_of(id) + "/keys.txt", 1u << 20).take();
  const auto keys = parse_keys(as_text(text)).take();
  ASSERT_EQ(keys.size(), 1440u);
  std::vector<std::string> types;
  for (const auto& record : chain) {
    types.push_back(record.head.type);
    EXPECT_TRUE(record_signature_holds(record, keys[static_cast<std::size_t>(record.head.epoch)])) << record.head.seq;
    EXPECT_FALSE(record_signature_holds(record, keys[static_cast<std::size_t>(record.head.epoch) + 1])) << record.head.seq;
  }
  EXPECT_EQ(types, (std::vector<std::string>{"open", "page", "epoch", "epoch", "fact", "close"}));
  EXPECT_EQ(chain[0].body["case_tag"].get<std::string>().size(), 64u);
  EXPECT_EQ(chain[5].body["records"], 6);
  EXPECT_EQ(chain[5].body["pages"], 1);
  EXPECT_EQ(chain[5].head.epoch, 2);
}

TEST_F(RecordingTest, TheBoxSignsTheOpening) {
  const auto chain = world.chain(id);
  const auto box = public_key_from_base64(chain[0].body["box_key"].get<std::string>()).take();
  EXPECT_TRUE(box_signature_holds(chain[0], box));
  EXPECT_FALSE(box_signature_holds(chain[0], SigningKey(Secret::random()).public_key()));
}

TEST_F(RecordingTest, EndsByItselfAfterADayAndIsIncluded) {
  world.clock.advance(kEpochUs * kEpochs - 1'000'000);
  world.ledger->tick();
  const auto chain = world.chain(id);
  EXPECT_EQ(chain.back().body["reason"], "duration");
  EXPECT_EQ(chain.back().head.epoch, kEpochs - 1);
  EXPECT_EQ(world.included("A1"), (std::vector<std::string>{id + " officer"}));
}

TEST_F(RecordingTest, SleptPastItsLastKeyItIsInterruptedNotForged) {
  world.clock.advance(kEpochUs * kEpochs + 5'000'000);
  world.ledger->tick();
  EXPECT_NE(world.chain(id).back().head.type, "close");
  EXPECT_EQ(world.included("A1"), (std::vector<std::string>{id + " recovery"}));
}

TEST_F(RecordingTest, RefusesWhatTheFormatDoesNotKnow) {
  const auto before = world.chain(id).size();
  EXPECT_EQ(refused(world.ledger->append(id, "rumour", Json::object(), Json::object(), {}), "rumour"), ErrorKind::invalid);
  EXPECT_EQ(refused(world.ledger->append(id, "epoch", Json::object(), Json::object(), {}), "itself"), ErrorKind::invalid);
  Json leaking = waybill_body();
  leaking["value"] = "YT1";
  EXPECT_EQ(refused(world.ledger->append(id, "fact", leaking, Json::object(), {}), "private"), ErrorKind::invalid);
  EXPECT_EQ(refused(world.ledger->append(id, "fact", waybill_body(), {{"value", std::string(70'000, 'x')}}, {}), "64 KiB"), ErrorKind::invalid);
  EXPECT_EQ(refused(world.ledger->append(id, "fact", waybill_body(), {{"value", 1.5}}, {}), "fraction"), ErrorKind::invalid);
  EXPECT_EQ(refused(world.ledger->append(std::string(26, 'a'), "fact", waybill_body(), Json::object(), {}), "no open"), ErrorKind::not_found);
  EXPECT_EQ(refused(world.ledger->append(id, "chapter", {{"item", "13912345678"}, {"from_us", 1}}, Json::object(), {}), "chapter.item"), ErrorKind::invalid);
  const Json server{{"server", "ntp.example"}, {"ok", true}};
  const Json long_body{{"state", "holdover"}, {"offset_us", 0}, {"error_us", 1}, {"servers", std::vector<Json>(2'000, server)}};
  EXPECT_EQ(refused(world.ledger->append(id, "clock", long_body, Json::object(), {}), "64 KiB"), ErrorKind::invalid);
  EXPECT_EQ(world.chain(id).size(), before);
  EXPECT_TRUE(world.waybill(id, "YT1").ok());
}

TEST_F(RecordingTest, RefusesFilesThatAreUnsealedMisplacedOrTwice) {
  const auto with = [&](const std::string& path) { return world.ledger->append(id, "page", page_body(1), Json::object(), one_file(path, "x")); };
  EXPECT_EQ(refused(with("pages/1/../../x"), "rule"), ErrorKind::invalid);
  EXPECT_EQ(refused(with("/etc/passwd"), "rule"), ErrorKind::invalid);
  EXPECT_EQ(refused(with("pages/2/page.warc"), "belong"), ErrorKind::invalid);
  EXPECT_EQ(refused(with("chain.jsonl"), "belong"), ErrorKind::invalid);
  EXPECT_EQ(refused(with("pages/1/a.partial"), "rule"), ErrorKind::invalid);
  std::vector<LedgerFile> open_file;
  open_file.push_back({"pages/1/page.warc", Fd(::memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING))});
  EXPECT_EQ(refused(world.ledger->append(id, "page", page_body(1), Json::object(), open_file), "sealed"), ErrorKind::invalid);
  EXPECT_EQ(refused(world.ledger->append(id, "mark", {{"from_us", 1}}, Json::object(), one_file("pages/1/a", "x")), "belong"), ErrorKind::invalid);
  ASSERT_TRUE(world.page(id).ok());
  EXPECT_EQ(refused(world.page(id), "already"), ErrorKind::busy);
  EXPECT_TRUE(world.page(id, 2).ok());
}

TEST_F(RecordingTest, NamesFilesByBothHashesAndKeepsTheOpenings) {
  ASSERT_TRUE(world.page(id).ok());
  const Record page = world.chain(id).back();
  const auto file = named_file_from(page.body["files"][0]).take();
  EXPECT_EQ(file.sha256, hex_of(sha256(as_bytes("WARC"))));
  EXPECT_EQ(file.sm3, hex_of(sm3(as_bytes("WARC"))));
  EXPECT_EQ(page.head.private_count, 2);
  EXPECT_EQ(print(page.object).find("shop.test/?q"), std::string::npos);
  const auto openings = world.disk.read(world.root_of(id) + "/private.jsonl", 1u << 20).take();
  EXPECT_NE(as_text(openings).find("shop.test/?q=1"), std::string_view::npos);
}

TEST_F(RecordingTest, AFullDiskStopsAppendsButNotTheClose) {
  world.free_bytes = 1 << 20;
  EXPECT_EQ(refused(world.page(id), "disk nearly full"), ErrorKind::full);
  EXPECT_EQ(world.ledger->open({"unboxing", "A1", "", {}, ""}).error().kind, ErrorKind::full);
  ASSERT_TRUE(world.ledger->close(id, "disk-full", {}).ok());
  EXPECT_EQ(world.chain(id).back().body["reason"], "disk-full");
}

TEST_F(RecordingTest, TheFirstFailedWriteIsStickyAndTheRestIsSaidToBeInterrupted) {
  ASSERT_TRUE(world.waybill(id, "YT1").ok());
  world.disk.fail_once_at = world.disk.operations + 1;
  EXPECT_EQ(refused(world.waybill(id, "YT2"), "disk failed"), ErrorKind::io);
  EXPECT_EQ(refused(world.waybill(id, "YT3"), "stopped"), ErrorKind::io);
  EXPECT_TRUE(world.ledger->status()->at("recordings")[0].contains("broken"));
  EXPECT_FALSE(world.ledger->close(id, "stopped", {}).ok());
  EXPECT_EQ(world.included("A1"), (std::vector<std::string>{id + " recovery"}));
  EXPECT_EQ(world.ledger->close(id, "stopped", {}).error().kind, ErrorKind::not_found);
}

TEST_F(RecordingTest, OneDisplayIsRecordedOnce) {
  const auto second = world.ledger->open({"unboxing", "A1", ":7", {}, ""});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, ErrorKind::busy);
  EXPECT_TRUE(world.ledger->open({"unboxing", "A1", ":8", {}, ""}).ok());
}

TEST_F(RecordingTest, RefusesUnknownKindsCasesAndReasons) {
  EXPECT_EQ(world.ledger->open({"picnic", "A1", "", {}, ""}).error().kind, ErrorKind::invalid);
  EXPECT_EQ(world.ledger->open({"unboxing", "A2", "", {}, ""}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(world.ledger->open({"unboxing", "box", "", {}, ""}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(world.ledger->open({"purchase", "", "", {}, ""}).error().kind, ErrorKind::invalid);
  EXPECT_EQ(world.ledger->close(id, "tired", {}).error().kind, ErrorKind::invalid);
  EXPECT_TRUE(world.ledger->close(id, "void", {}).ok());
}

}  // namespace
}  // namespace netsampler
