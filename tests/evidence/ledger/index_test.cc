// The index on a real disk: rebuilt equal from the chains, dropped where it is unusable, read by the console's rows.
#include <filesystem>

#include "evidence/ledger/index_reader.h"
#include "tests/evidence/ledger/ledger_world.h"

namespace netsampler {
namespace {

struct IndexTest : ::testing::Test {
  TestWorld world;
  std::string directory, id;
  void SetUp() override {
    directory = (std::filesystem::temp_directory_path() / ("index-" + random_id(10))).string();
    std::filesystem::create_directory(directory);
    world.paths.index = directory + "/index.sqlite";
    world.started();
    ASSERT_TRUE(world.ledger->case_open("A1", "alice", Json::object(), {{"title", "玩具"}}).ok());
    id = world.open("unboxing", "A1", ":7");
    ASSERT_TRUE(world.page(id).ok());
    ASSERT_TRUE(world.waybill(id, "YT1").ok());
    Json price = waybill_body();
    price["name"] = "price.list";
    ASSERT_TRUE(world.ledger->append(id, "fact", price, {{"value", 12'900}, {"raw", "¥129.00"}}, {}).ok());
    ASSERT_TRUE(world.ledger->append(id, "chapter", {{"item", "40-1"}, {"from_us", 5}}, Json::object(), {}).ok());
    ASSERT_TRUE(world.ledger->close(id, "stopped", {}).ok());
  }
  void TearDown() override {
    world.ledger.reset();
    std::filesystem::remove_all(directory);
  }
  std::string dump() { return world.ledger->index().dump().take(); }
  void remove_index() {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(world.paths.index + suffix);
  }
  // Starts say so in the box's book: rows that differ between two starts for that reason alone.
  static std::string without_box(const std::string& dump) {
    std::string kept;
    std::size_t at = 0;
    for (std::size_t end; (end = dump.find('\n', at)) != std::string::npos; at = end + 1)
      if (const std::string line = dump.substr(at, end - at); line.find("|box|") == std::string::npos) kept += line + "\n";
    return kept;
  }
};

TEST_F(IndexTest, DeletedItIsRebuiltEqual) {
  const std::string before = without_box(dump());
  ASSERT_NE(before.find("12900"), std::string::npos);
  world.ledger.reset();
  remove_index();
  world.started();
  EXPECT_EQ(without_box(dump()), before);
}

TEST_F(IndexTest, TheRequestRebuildsEqualRowForRow) {
  const std::string before = dump();
  const auto records = world.ledger->rebuild_index();
  ASSERT_TRUE(records.ok());
  EXPECT_EQ(*records, 6 + 2 + 2);  // the recording, its case, the box's book
  EXPECT_EQ(dump(), before);
}

TEST_F(IndexTest, AFileThatIsNoIndexIsReplaced) {
  const std::string before = without_box(dump());
  world.ledger.reset();
  remove_index();
  RealFileSystem disk;
  ASSERT_TRUE(write_whole(disk, world.paths.index, as_bytes(std::string(5000, 'x'))).ok());
  auto index = Index::open(disk, world.paths.index);
  ASSERT_TRUE(index.ok()) << index.error().text;
  EXPECT_TRUE(*catch_up(world.disk, EvidenceRoots(world.paths.data), *index));
  EXPECT_EQ(without_box(index->dump().take()), before);
}

// What the last tick has not flushed is gone with the ledger; the chains still have it.
TEST_F(IndexTest, RowsLostByACrashAreCaughtUpWithoutARebuild) {
  const std::string open = world.open("unboxing", "A1", ":8");
  ASSERT_TRUE(world.page(open).ok());
  ASSERT_TRUE(world.waybill(open, "YT2").ok());
  const std::string before = dump();
  ASSERT_NE(before.find("YT2"), std::string::npos);
  world.ledger.reset();
  RealFileSystem disk;
  auto index = Index::open(disk, world.paths.index).take();
  EXPECT_EQ(index.dump().take().find("YT2"), std::string::npos) << "the test needs rows that were not flushed";
  EXPECT_TRUE(*catch_up(world.disk, EvidenceRoots(world.paths.data), index));
  EXPECT_EQ(index.dump().take(), before);
}

TEST_F(IndexTest, AnotherChainUnderAKnownNameIsNotCaughtUpWith) {
  world.ledger.reset();
  ASSERT_TRUE(Database::open(world.paths.index, false)->run("UPDATE chains SET head='00', bytes=bytes-1, last_seq=last_seq-1 WHERE id='A1'").ok());
  RealFileSystem disk;
  auto index = Index::open(disk, world.paths.index).take();
  EXPECT_FALSE(*catch_up(world.disk, EvidenceRoots(world.paths.data), index));
}

TEST_F(IndexTest, ATickShowsOthersWhatARunningRecordingHandedOver) {
  const std::string open = world.open("unboxing", "A1", ":8");
  ASSERT_TRUE(world.page(open).ok());
  const auto reader = IndexReader::open(world.paths.index).take();
  EXPECT_EQ(reader.pages(open)->size(), 0u);
  world.ledger->tick();
  EXPECT_EQ(reader.pages(open)->size(), 1u);
}

TEST_F(IndexTest, ARowThatIsMissingIsNoticedAtTheStart) {
  const std::string before = without_box(dump());
  world.ledger.reset();
  ASSERT_TRUE(Database::open(world.paths.index, false)->run("DELETE FROM chains WHERE chain='recording'").ok());
  world.started();
  EXPECT_EQ(without_box(dump()), before);
}

TEST_F(IndexTest, TheConsoleReadsTypedRows) {
  const auto reader = IndexReader::open(world.paths.index).take();
  const auto cases = reader.cases().take();
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_EQ(cases[0].opened["title"], "玩具");
  const auto recordings = reader.recordings_of("A1").take();
  ASSERT_EQ(recordings.size(), 1u);
  EXPECT_EQ(recordings[0].state, "closed");
  EXPECT_EQ(recordings[0].case_id, "A1");
  EXPECT_EQ(recordings[0].display, ":7");
  const auto facts = reader.facts(id).take();
  ASSERT_EQ(facts.size(), 2u);
  EXPECT_EQ(facts[0].value, "YT1");
  EXPECT_FALSE(facts[0].amount_minor.has_value());
  EXPECT_EQ(facts[1].amount_minor, 12'900);
  EXPECT_EQ(facts[1].value, "12900");
  EXPECT_EQ(reader.pages(id)->at(0).url, "https://shop.test/?q=1");
  EXPECT_EQ(reader.pages(id)->at(0).files[0]["path"], "pages/1/page.warc");
  EXPECT_EQ(reader.chapters(id)->at(0).item, "40-1");
  EXPECT_EQ(reader.includes("A1")->at(0).recording, id);
  EXPECT_EQ(reader.book_records("A1")->at(1).type, "include");
  EXPECT_EQ(reader.case_of("A9").error().kind, ErrorKind::not_found);
  EXPECT_EQ(reader.recording("x").error().kind, ErrorKind::not_found);
  EXPECT_EQ(IndexReader::open(directory + "/none.sqlite").error().kind, ErrorKind::not_found);
}

TEST_F(IndexTest, InterruptedShowsAsSuch) {
  const std::string cut = world.open("unboxing", "A1", ":7");
  EXPECT_EQ(IndexReader::open(world.paths.index)->recording(cut)->state, "open");
  world.ledger.reset();
  world.started();
  EXPECT_EQ(IndexReader::open(world.paths.index)->recording(cut)->state, "interrupted");
}

}  // namespace
}  // namespace netsampler
