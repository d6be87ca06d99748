// The requests as JSON: each op's refusals by kind, and that a refusal leaves nothing behind.
#include "evidence/ledger/requests.h"

#include "tests/evidence/ledger/ledger_world.h"

namespace netsampler {
namespace {

struct RequestsTest : ::testing::Test {
  TestWorld world;
  void SetUp() override { world.started(); }
  Result<Json> ask(const Json& request) {
    auto reply = answer(*world.ledger, IpcMessage(request));
    if (!reply.ok()) return reply.error();
    return std::move(reply->body);
  }
  ErrorKind refused(const Json& request) {
    const auto reply = ask(request);
    EXPECT_FALSE(reply.ok()) << print(request);
    return reply.ok() ? ErrorKind::internal : reply.error().kind;
  }
};

TEST_F(RequestsTest, AnswersInTheShapesOfTheDesign) {
  EXPECT_EQ(ask({{"op", "case_open"}, {"case", "A1"}, {"actor", "alice"}, {"body", Json::object()}, {"private", {{"title", "玩具"}}}})->at("seq"), 0);
  const Json opened = ask({{"op", "recording_open"}, {"kind", "unboxing"}, {"case", "A1"}}).take();
  const Json fact = ask({{"op", "append"}, {"recording", opened["recording"]}, {"type", "fact"}, {"body", waybill_body()}, {"private", {{"value", "YT1"}}}}).take();
  EXPECT_EQ(fact["seq"], 1);
  EXPECT_EQ(fact["at_us"], world.clock.utc);
  EXPECT_TRUE(ask({{"op", "clock"}, {"body", {{"state", "synchronised"}, {"offset_us", 3}, {"error_us", 900}}}}).ok());
  const Json status = ask({{"op", "status"}}).take();
  EXPECT_EQ(status["clock"], (Json{{"state", "synchronised"}, {"error_us", 900}, {"limit_us", 60'000'000}, {"offset_us", 3}, {"age_us", 0}}));
  EXPECT_EQ(status["recordings"][0]["seq"], 2);
  EXPECT_EQ(status["recordings"][0]["case"], "A1");
  EXPECT_EQ(status["cases"], 1);
  const Json closed = ask({{"op", "recording_close"}, {"recording", opened["recording"]}, {"reason", "stopped"}}).take();
  EXPECT_EQ(closed["included"], Json::array({"A1"}));
  const Json signed_package = ask({{"op", "package_sign"}, {"tagmanifest_sha256", std::string(64, 'a')}}).take();
  EXPECT_EQ(signed_package["box_key"], status["box_key"]);
  EXPECT_GT(ask({{"op", "rebuild_index"}})->at("records"), 5);
}

TEST_F(RequestsTest, RefusesWhatIsNoRequest) {
  const auto before = world.disk.operations;
  EXPECT_EQ(refused(Json::object()), ErrorKind::invalid);
  EXPECT_EQ(refused(Json::array()), ErrorKind::invalid);
  EXPECT_EQ(refused({{"op", "format_disk"}}), ErrorKind::invalid);
  EXPECT_EQ(refused({{"op", 7}}), ErrorKind::invalid);
  EXPECT_EQ(refused({{"op", "recording_open"}}), ErrorKind::invalid);
  EXPECT_EQ(refused({{"op", "recording_open"}, {"kind", "unboxing"}, {"samplers", 5}}), ErrorKind::invalid);
  EXPECT_EQ(refused({{"op", "recording_open"}, {"kind", "unboxing"}, {"samplers", {{{"id", "x"}}}}}), ErrorKind::invalid);
  EXPECT_EQ(refused({{"op", "case_open"}, {"case", "A1"}, {"actor", "alice"}, {"body", 5}}), ErrorKind::invalid);
  EXPECT_EQ(refused({{"op", "case_open"}, {"case", "A1"}, {"actor", "../a"}}), ErrorKind::invalid);
  EXPECT_EQ(refused({{"op", "clock"}, {"body", {{"state", "synchronised"}}}}), ErrorKind::invalid);
  EXPECT_EQ(refused({{"op", "package_sign"}, {"tagmanifest_sha256", "abc"}}), ErrorKind::invalid);
  EXPECT_EQ(world.disk.operations, before);
}

TEST_F(RequestsTest, PathsAndDescriptorsComeInPairs) {
  const Json opened = ask({{"op", "recording_open"}, {"kind", "unboxing"}}).take();
  const Json request{{"op", "append"}, {"recording", opened["recording"]}, {"type", "page"}, {"body", page_body(1)}, {"files", {"pages/1/page.warc"}}};
  EXPECT_EQ(refused(request), ErrorKind::invalid);
  IpcMessage whole(request);
  whole.files.push_back(sealed_memory_file("page", as_bytes("WARC")).take());
  EXPECT_TRUE(answer(*world.ledger, std::move(whole)).ok());
  IpcMessage surplus(Json{{"op", "append"}, {"recording", opened["recording"]}, {"type", "mark"}, {"body", {{"from_us", 1}}}});
  surplus.files.push_back(sealed_memory_file("stray", as_bytes("x")).take());
  EXPECT_FALSE(answer(*world.ledger, std::move(surplus)).ok());
}

TEST_F(RequestsTest, DocumentsOfABookAreNamedByTheirHash) {
  ASSERT_TRUE(ask({{"op", "case_open"}, {"case", "A1"}, {"actor", "alice"}}).ok());
  const Json body{{"code", "note"}, {"severity", "note"}};
  const auto with = [&](const std::string& name) { return world.ledger->book_append("A1", "finding", "alice", body, Json::object(), one_file(name, "%PDF")); };
  ASSERT_TRUE(with("form.pdf").ok());
  ASSERT_TRUE(with("again.pdf").ok());
  const auto file = world.book("A1").back().body["files"][0];
  EXPECT_EQ(file["path"], "files/" + hex_of(sha256(as_bytes("%PDF"))) + ".pdf");
  EXPECT_EQ(with("form.PD F").error().kind, ErrorKind::invalid);
  EXPECT_EQ(with("form.partial").error().kind, ErrorKind::invalid);
}

// Requests of several producers in one turn of the loop.
class TurnTest : public RequestsTest {
 protected:
  void SetUp() override {
    RequestsTest::SetUp();
    first = world.open("unboxing"), second = world.open("reception");
  }
  static Json chapter(const std::string& recording) {
    return {{"op", "append"}, {"recording", recording}, {"type", "chapter"}, {"body", {{"item", "40-2"}, {"from_us", 1}}}};
  }
  std::vector<Result<IpcMessage>> turn(const std::vector<Json>& requests) {
    Turn all(*world.ledger);
    std::vector<Result<IpcMessage>> replies;
    for (const Json& request : requests) replies.push_back(all.take(IpcMessage(request)));
    all.settle(replies);
    return replies;
  }
  std::string first, second;
};

TEST_F(TurnTest, AppendsShareTheirSyncsAndEachHasItsReceipt) {
  const int before = world.disk.operations;
  const auto replies = turn(std::vector<Json>(20, chapter(first)));
  EXPECT_LE(world.disk.operations - before, 2);  // one write, one sync
  const auto chain = world.chain(first);
  ASSERT_EQ(chain.size(), 21u);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    ASSERT_TRUE(replies[i].ok());
    EXPECT_EQ(replies[i]->body["seq"], i + 1);
    EXPECT_EQ(replies[i]->body["head"], hex_of(line_hash(canonical(chain[i + 1].object))));
  }
}

TEST_F(TurnTest, AFailedSyncIsEverybodysErrorInThatRecordingAndNobodyElses) {
  world.disk.fail_once_at = world.disk.operations + 1;  // the sync of the one that is settled first
  const auto replies = turn({chapter(first), chapter(second), chapter(first)});
  EXPECT_EQ(replies[0].ok(), replies[2].ok());
  EXPECT_NE(replies[0].ok(), replies[1].ok());
  EXPECT_EQ(turn({chapter(first)})[0].ok(), replies[0].ok());  // sticky
  EXPECT_EQ(turn({chapter(second)})[0].ok(), replies[1].ok());
}

TEST_F(TurnTest, WhateverElseIsAskedComesAfterWhatWasAppended) {
  const auto replies = turn({chapter(first), {{"op", "recording_close"}, {"recording", first}, {"reason", "stopped"}}, chapter(first), chapter(second)});
  EXPECT_TRUE(replies[0].ok() && replies[1].ok() && replies[3].ok());
  EXPECT_EQ(replies[1]->body["seq"], 2);
  EXPECT_EQ(replies[2].error().kind, ErrorKind::not_found);
  EXPECT_EQ(world.chain(second).size(), 2u);
}

}  // namespace
}  // namespace netsampler
