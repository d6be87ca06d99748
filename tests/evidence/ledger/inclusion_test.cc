#include "tests/evidence/ledger/ledger_world.h"

namespace netsampler {
namespace {

using Names = std::vector<std::string>;

struct InclusionTest : ::testing::Test {
  TestWorld world;
  void SetUp() override {
    world.started();
    world.with_samplers();
    for (const char* id : {"A1", "A2"}) ASSERT_TRUE(world.ledger->case_open(id, "alice", Json::object(), Json::object()).ok());
  }
  std::string logistics(const std::string& case_id, const std::string& waybill) {
    const std::string id = world.open("logistics", case_id);
    EXPECT_TRUE(world.waybill(id, waybill).ok());
    EXPECT_TRUE(world.ledger->close(id, "stopped", kTwo).ok());
    return id;
  }
  std::string unboxing(const std::string& waybill, const std::string& case_id = "") {
    const std::string id = world.open("unboxing", case_id);
    EXPECT_TRUE(world.waybill(id, waybill).ok());
    const auto closed = world.ledger->close(id, "stopped", {});
    EXPECT_TRUE(closed.ok());
    cases = closed.ok() ? closed->included : Names{};
    return id;
  }
  Names cases;  // that the last unboxing's close named
};

TEST_F(InclusionTest, TheWaybillFindsTheCase) {
  const auto told = logistics("A1", "YT 8812");
  const auto seen = unboxing("YT8812");
  EXPECT_EQ(cases, (Names{"A1"}));
  EXPECT_EQ(world.included("A1"), (Names{told + " officer", seen + " waybill"}));
  EXPECT_TRUE(world.included("A2").empty());
}

TEST_F(InclusionTest, AnotherWaybillFindsNone) {
  logistics("A1", "YT8812");
  const auto seen = unboxing("YT8813");
  EXPECT_TRUE(cases.empty());
  EXPECT_EQ(world.included("A1").size(), 1u);
  EXPECT_EQ(world.ledger->status()->at("unclaimed"), Json::array({seen}));
}

TEST_F(InclusionTest, TheLogisticsPageMayComeAfterTheParcel) {
  const auto seen = unboxing("YT8812");
  EXPECT_EQ(world.ledger->status()->at("unclaimed"), Json::array({seen}));
  const auto told = logistics("A1", "YT8812");
  EXPECT_EQ(world.included("A1"), (Names{told + " officer", seen + " waybill"}));
  EXPECT_EQ(world.ledger->status()->at("unclaimed"), Json::array());
}

TEST_F(InclusionTest, AMergedParcelBelongsToSeveralCases) {
  logistics("A1", "YT8812");
  logistics("A2", "yt8812");
  const auto seen = unboxing("YT8812");
  EXPECT_EQ(cases, (Names{"A1", "A2"}));
  EXPECT_EQ(world.included("A2").back(), seen + " waybill");
}

TEST_F(InclusionTest, OpenedForACaseItIsIncludedOnceThere) {
  logistics("A1", "YT8812");
  const auto seen = unboxing("YT8812", "A1");
  EXPECT_EQ(world.included("A1").back(), seen + " officer");
  EXPECT_EQ(world.included("A1").size(), 2u);
}

TEST_F(InclusionTest, AVoidRecordingProvesNoWaybill) {
  const std::string id = world.open("logistics", "A1");
  ASSERT_TRUE(world.waybill(id, "YT8812").ok());
  ASSERT_TRUE(world.ledger->close(id, "void", kTwo).ok());
  unboxing("YT8812");
  EXPECT_TRUE(cases.empty());
}

TEST_F(InclusionTest, AnOfficerIncludesByHandOnceAndOnlyWhatHasEnded) {
  const auto seen = unboxing("YT1");
  const Json body{{"recording", seen}};
  ASSERT_TRUE(world.ledger->book_append("A1", "include", "alice", body, Json::object(), {}).ok());
  EXPECT_EQ(world.included("A1"), (Names{seen + " officer"}));
  EXPECT_EQ(world.ledger->book_append("A1", "include", "alice", body, Json::object(), {}).error().kind, ErrorKind::busy);
  const Json running{{"recording", world.open("unboxing")}};
  EXPECT_EQ(world.ledger->book_append("A1", "include", "alice", running, Json::object(), {}).error().kind, ErrorKind::busy);
  const Json unknown{{"recording", std::string(26, 'a')}};
  EXPECT_EQ(world.ledger->book_append("A1", "include", "alice", unknown, Json::object(), {}).error().kind, ErrorKind::not_found);
}

TEST_F(InclusionTest, BooksRefuseUnknownCasesKindsAndTwins) {
  EXPECT_EQ(world.ledger->case_open("A1", "alice", Json::object(), Json::object()).error().kind, ErrorKind::busy);
  EXPECT_EQ(world.ledger->case_open("box", "alice", Json::object(), Json::object()).error().kind, ErrorKind::invalid);
  EXPECT_EQ(world.ledger->case_open("../A", "alice", Json::object(), Json::object()).error().kind, ErrorKind::invalid);
  EXPECT_EQ(world.ledger->case_open("A3", "alice", {{"title", "玩具"}}, Json::object()).error().kind, ErrorKind::invalid);
  EXPECT_EQ(world.ledger->book_append("A9", "custody", "alice", {{"action", "view"}}, Json::object(), {}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(world.ledger->book_append("A1", "rumour", "alice", Json::object(), Json::object(), {}).error().kind, ErrorKind::invalid);
  EXPECT_EQ(world.ledger->book_append("box", "login", "alice", {{"account", "x"}, {"outcome", "accepted"}}, Json::object(), {}).error().kind,
            ErrorKind::invalid);
  EXPECT_TRUE(world.ledger->book_append("A1", "custody", "alice", {{"action", "view"}}, Json::object(), {}).ok());
  EXPECT_TRUE(world.ledger->case_open("A3", "alice", Json::object(), {{"title", "玩具"}}).ok());
}

TEST(ClosedCase, TakesNoMoreRecordingsUntilItIsDecidedOtherwise) {
  TestWorld world;
  world.started();
  ASSERT_TRUE(world.ledger->case_open("A1", "alice", Json::object(), {{"title", "玩具"}}).ok());
  const std::string loose = world.open("unboxing"), running = world.open("reception", "A1");
  ASSERT_TRUE(world.ledger->close(loose, "stopped", {}).ok());
  const auto decide = [&](const char* decision) { return world.ledger->book_append("A1", "decision", "alice", {{"decision", decision}}, Json::object(), {}); };
  const auto include = [&] { return world.ledger->book_append("A1", "include", "alice", {{"recording", loose}}, Json::object(), {}); };
  EXPECT_EQ(decide("case-closed").error().kind, ErrorKind::busy) << "one is running";
  ASSERT_TRUE(world.ledger->close(running, "stopped", {}).ok());
  ASSERT_TRUE(decide("case-closed").ok());
  for (int start = 0; start < 2; ++start) {
    EXPECT_EQ(world.ledger->open({"unboxing", "A1", "", {}, ""}).error().kind, ErrorKind::denied);
    EXPECT_EQ(include().error().kind, ErrorKind::denied);
    EXPECT_TRUE(world.ledger->book_append("A1", "custody", "alice", {{"action", "view"}}, Json::object(), {}).ok());
    world.started();  // known from the book as well
  }
  ASSERT_TRUE(decide("case-reopened").ok());
  EXPECT_TRUE(include().ok());
  EXPECT_TRUE(world.ledger->open({"unboxing", "A1", "", {}, ""}).ok());
}

}  // namespace
}  // namespace netsampler
