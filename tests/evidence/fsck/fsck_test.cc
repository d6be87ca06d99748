// A box in memory with a case, recordings and a running one; files are damaged, removed, made unreadable; what fsck records, once.
#include "evidence/fsck/fsck.h"

#include "evidence/format/public_text.h"
#include "tests/evidence/ledger/ledger_world.h"

namespace netsampler {
namespace {

// The system cannot read some files.
class BadSectors final : public FileSystem {
 public:
  explicit BadSectors(FileSystem& disk) : disk_(disk) {}
  std::string bad;
  Result<std::unique_ptr<AppendFile>> create(const std::string& path) override { return disk_.create(path); }
  Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override { return disk_.open_append(path); }
  Result<void> rename(const std::string& from, const std::string& to) override { return disk_.rename(from, to); }
  Result<void> replace(const std::string& from, const std::string& to) override { return disk_.replace(from, to); }
  Result<void> sync_directory(const std::string& path) override { return disk_.sync_directory(path); }
  Result<void> make_directories(const std::string& path) override { return disk_.make_directories(path); }
  Result<void> remove(const std::string& path) override { return disk_.remove(path); }
  Result<Bytes> read(const std::string& path, std::size_t limit) const override {
    if (path == bad) return fail(ErrorKind::io, "bad sector");
    return disk_.read(path, limit);
  }
  Result<void> read_pieces(const std::string& path, const PieceVisitor& each) const override {
    if (path == bad) return fail(ErrorKind::io, "bad sector");
    return disk_.read_pieces(path, each);
  }
  Result<FileInfo> info(const std::string& path) const override { return disk_.info(path); }
  Result<std::vector<std::string>> list(const std::string& path) const override { return disk_.list(path); }

 private:
  FileSystem& disk_;
};

class Fsck : public ::testing::Test {
 protected:
  void SetUp() override {
    box.started();
    ASSERT_TRUE(box.ledger->case_open("A1", "alice", Json::object(), {{"title", "玩具"}}).ok());
    recording = box.open("unboxing", "A1");
    for (int page = 1; page <= 3; ++page) ASSERT_TRUE(box.page(recording, page).ok());
    ASSERT_TRUE(box.ledger->close(recording, "stopped", {}).ok());
    running = box.open("reception");
    ASSERT_TRUE(box.page(running).ok());
    order.data_root = box.paths.data;
    order.position = "/state/run/fsck.json";
    ASSERT_TRUE(box.disk.make_directories("/state/run").ok());
  }
  Result<FsckOutcome> run() { return run_on(box.disk); }
  Result<FsckOutcome> run_on(const FileSystem& disk) {
    const HoldUp hold_up = [this](int wait_ms) -> Result<void> {
      box.clock.advance(wait_ms * 1000LL);
      held_ms += wait_ms;
      if (stop_after_ms > 0 && held_ms > stop_after_ms) return fail(ErrorKind::busy, "stopped");
      return {};
    };
    const AppendToBook append = [this](const std::string& book, const std::string& type, const Json& body) -> Result<void> {
      TRY(box.ledger->book_append(book, type, "box", body, Json::object(), {}));
      return {};
    };
    return netsampler::fsck(disk, box.disk, order, box.clock, hold_up, append, [](std::int64_t, std::int64_t) {});
  }
  std::vector<std::string> findings(const std::string& book) {
    std::vector<std::string> found;
    for (const auto& record : box.book(book))
      if (record.head.type == "finding") found.push_back(string_or(record.body, "found", "") + " " + string_or(record.body, "path", ""));
    return found;
  }
  Json last_check() {
    Json last;
    for (const auto& record : box.book("box"))
      if (record.head.type == "check") last = record.body;
    return last;
  }
  std::string page_of(const std::string& id, int page) const { return box.root_of(id) + "/pages/" + std::to_string(page) + "/page.warc"; }

  TestWorld box;
  FsckOrder order;
  std::string recording, running;
  std::int64_t held_ms = 0, stop_after_ms = 0;
};

TEST_F(Fsck, AHealthyBoxIsWellAndTheBoxSaysSo) {
  const auto outcome = run();
  ASSERT_TRUE(outcome.ok()) << outcome.error().text;
  EXPECT_TRUE(outcome->whole);
  EXPECT_EQ(outcome->damaged, 0) << (outcome->damages.empty() ? "" : outcome->damages[0].found + " " + outcome->damages[0].path);
  EXPECT_TRUE(findings("A1").empty());
  EXPECT_EQ(last_check()["outcome"], "well");
  EXPECT_EQ(last_check()["checked_files"], outcome->files);
  EXPECT_GE(outcome->files, 10);
}

TEST_F(Fsck, ADamagedFileStandsInItsCaseOnce) {
  box.disk.damage(page_of(recording, 2), 1);
  ASSERT_TRUE(box.disk.remove(page_of(recording, 3)).ok());
  const auto outcome = run();
  ASSERT_TRUE(outcome.ok()) << outcome.error().text;
  EXPECT_EQ(outcome->damaged, 2);
  EXPECT_EQ(outcome->recorded, 2);
  const std::vector<std::string> expected{"file-changed pages/2/page.warc", "file-missing pages/3/page.warc"};
  EXPECT_EQ(findings("A1"), expected);
  EXPECT_EQ(last_check()["outcome"], "damaged");
  EXPECT_EQ(last_check()["findings"], 2);
  const auto again = run();
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->damaged, 2);
  EXPECT_EQ(again->recorded, 0);
  EXPECT_EQ(findings("A1"), expected);
}

TEST_F(Fsck, WhatNoCaseOwnsStandsInTheBoxsBook) {
  box.disk.damage(page_of(running, 1), 0);
  ASSERT_EQ(run()->damaged, 1);
  EXPECT_EQ(findings("box"), std::vector<std::string>{"file-changed pages/1/page.warc"});
  EXPECT_TRUE(findings("A1").empty());
}

TEST_F(Fsck, AnUnreadableFileIsToldAndTheRestIsCheckedAllTheSame) {
  BadSectors disk(box.disk);
  disk.bad = page_of(recording, 1);
  box.disk.damage(page_of(recording, 3), 0);
  const auto outcome = run_on(disk);
  ASSERT_TRUE(outcome.ok()) << outcome.error().text;
  const std::vector<std::string> expected{"unreadable pages/1/page.warc", "file-changed pages/3/page.warc"};
  EXPECT_EQ(findings("A1"), expected);
}

TEST_F(Fsck, WhatACutLeftWithoutARecordIsCheckedByItsFinding) {
  const std::string cut = box.open("unboxing", "A1");
  ASSERT_TRUE(box.page(cut).ok());
  box.ledger.reset();
  ASSERT_TRUE(write_whole(box.disk, box.root_of(cut) + "/pages/1/late.warc", as_bytes("late")).ok());
  box.started();
  ASSERT_EQ(run()->damaged, 0);
  box.disk.damage(box.root_of(cut) + "/pages/1/late.warc", 0);
  ASSERT_EQ(run()->damaged, 1);
  const auto told = findings("A1");
  EXPECT_EQ(std::count(told.begin(), told.end(), "file-changed pages/1/late.warc"), 1);
}

// A document whose SHA-256 has more than 8 digits in a row: such a text never stands in a record as `path`.
TEST_F(Fsck, AFileWhoseNameHasTooManyDigitsIsToldByItsNamesHash) {
  std::string content, path;
  for (int i = 0; path.empty(); ++i) {
    content = "document " + std::to_string(i);
    const std::string name = "files/" + hex_of(sha256(as_bytes(content))) + ".txt";
    if (!is_public_text(name, MemberType::phrase)) path = name;
  }
  const Json body{{"code", "torn"}, {"severity", "note"}};
  ASSERT_TRUE(box.ledger->book_append("A1", "finding", "alice", body, Json::object(), one_file("a.txt", content)).ok());
  ASSERT_EQ(run()->damaged, 0);
  box.disk.damage(box.paths.data + "/cases/A1/" + path, 0);
  ASSERT_EQ(run()->damaged, 1);
  const Json told = box.book("A1").back().body;
  EXPECT_EQ(told["found"], "file-changed");
  EXPECT_FALSE(told.contains("path"));
  EXPECT_EQ(told["path_sha256"], hex_of(sha256(as_bytes(path))));
  EXPECT_EQ(run()->recorded, 0) << "known by then";
}

TEST_F(Fsck, AMissingRecordingAndADamagedChainAreTold) {
  box.disk.damage(box.root_of(recording) + "/chain.jsonl", 2000);
  const auto outcome = run();
  ASSERT_TRUE(outcome.ok()) << outcome.error().text;
  EXPECT_GT(outcome->damaged, 0);
  for (const auto& path : walk(box.disk, box.root_of(recording)).take()) ASSERT_TRUE(box.disk.remove(box.root_of(recording) + "/" + path).ok());
  const auto gone = run();
  ASSERT_TRUE(gone.ok()) << gone.error().text;
  const auto told = findings("A1");
  EXPECT_NE(std::find(told.begin(), told.end(), "recording-missing chain.jsonl"), told.end());
}

TEST_F(Fsck, ADamagedBookIsToldInTheBoxsBook) {
  box.disk.damage(box.paths.data + "/cases/A1/book.jsonl", 300);
  box.started();  // a book with a damaged line takes nothing more
  ASSERT_TRUE(run().ok());
  bool told = false;
  for (const auto& finding : findings("box")) told = told || finding.ends_with(" cases/A1/book.jsonl");
  EXPECT_TRUE(told);
}

TEST_F(Fsck, ADamagedTileOfTheLogIsTold) {
  const auto log = walk(box.disk, box.paths.data + "/log").take();
  const auto tile = std::find_if(log.begin(), log.end(), [](const auto& path) { return path.starts_with("tile/0/"); });
  ASSERT_NE(tile, log.end());
  box.disk.damage(box.paths.data + "/log/" + *tile, 3);
  ASSERT_GT(run()->damaged, 0);
  bool told = false;
  for (const auto& finding : findings("box")) told = told || finding.starts_with("log-tree log/");
  EXPECT_TRUE(told);
}

TEST_F(Fsck, AStoppedRoundGoesOnAndReadsNothingTwice) {
  order.rate_bytes_per_s = 100'000;  // the two keys.txt, read by four looks, take 5 s
  stop_after_ms = 4'500;
  std::int64_t bytes = 0;
  int runs = 0;
  for (bool whole = false; !whole && runs < 10; ++runs) {
    held_ms = 0;
    const auto outcome = run();
    ASSERT_TRUE(outcome.ok()) << outcome.error().text;
    EXPECT_GE(outcome->bytes, bytes);
    bytes = outcome->bytes;
    whole = outcome->whole;
    EXPECT_EQ(exists(box.disk, order.position), !whole && bytes > 0);
  }
  EXPECT_GT(runs, 1);
  EXPECT_LT(runs, 10);
  EXPECT_EQ(last_check()["outcome"], "well");
}

TEST_F(Fsck, TheRateIsKept) {
  order.rate_bytes_per_s = 1'000'000;
  const auto outcome = run();
  ASSERT_TRUE(outcome.ok());
  EXPECT_GE(held_ms, outcome->bytes / 1000);
}

TEST_F(Fsck, OneCaseAlone) {
  order.cases = {"A1"};
  box.disk.damage(page_of(running, 1), 0);  // belongs to no case
  const auto outcome = run();
  ASSERT_TRUE(outcome.ok()) << outcome.error().text;
  EXPECT_EQ(outcome->damaged, 0);
  EXPECT_EQ(last_check()["name"], "fsck-case");
  order.cases = {"A2"};
  EXPECT_EQ(run().error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace netsampler
