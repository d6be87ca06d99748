// The machine stops at every operation of the disk in turn, and comes back in six ways; of files synced together either is the first. What had a
// receipt must be there, with its openings, every named file with its hash; nothing may be damaged, a book has the openings of all its records;
// the case must say what was interrupted; a second restart has nothing more to say; the verifier finds no contradiction.
#include "evidence/verify/verify.h"
#include "tests/evidence/ledger/ledger_world.h"

namespace netsampler {
namespace {

struct Acknowledged {
  std::string directory, name;
  Receipt receipt;
};

struct Story {
  TestWorld world;
  std::vector<Acknowledged> acknowledged;
  std::string recording;
  bool ended = false;

  template <class T>
  bool keep(const Result<T>& outcome, const std::string& directory, const std::string& name) {
    if (!outcome.ok()) return false;
    acknowledged.push_back({directory, name, {outcome->seq, outcome->head, 0}});
    return true;
  }
  // A case, a recording with a page, two epochs, a fact; closed; a document in the book. Stops at the first refusal.
  void tell() {
    const std::string book = "/state/data/cases/A1";
    if (!world.start().ok()) return;
    if (!keep(world.ledger->case_open("A1", "alice", Json::object(), {{"title", "玩具"}}), book, "book.jsonl")) return;
    const auto opened = world.ledger->open({"unboxing", "A1", "", {}, ""});
    if (!opened.ok()) return;
    recording = opened->recording;
    const std::string chain = world.root_of(recording);
    acknowledged.push_back({chain, "chain.jsonl", {0, opened->head, 0}});
    if (!keep(world.page(recording), chain, "chain.jsonl")) return;
    if (!together(chain)) return;
    world.clock.advance(61'000'000);
    world.ledger->tick();
    if (!keep(world.waybill(recording, "YT1"), chain, "chain.jsonl")) return;
    ended = keep(world.ledger->close(recording, "stopped", {}), chain, "chain.jsonl");
    if (!ended) return;
    keep(world.ledger->book_append("A1", "custody", "alice", {{"action", "view"}}, Json::object(), {}), book, "book.jsonl");
  }
  // Two records that share their syncs, one with openings: a receipt counts only once both are settled.
  bool together(const std::string& chain) {
    world.ledger->hold();
    const auto first = world.ledger->append(recording, "chapter", {{"item", "40-2"}, {"from_us", 1}}, Json::object(), {});
    const auto second = world.waybill(recording, "YT0");
    if (!world.ledger->settle().empty()) return false;
    return keep(first, chain, "chain.jsonl") && keep(second, chain, "chain.jsonl");
  }
};

void check_files(TestWorld& world, const std::string& directory, const std::vector<Record>& records) {
  for (const auto& record : records)
    for (const auto& file : files_of(record.body).take()) {
      const auto bytes = world.disk.read(directory + "/" + file.path, 1u << 20);
      ASSERT_TRUE(bytes.ok()) << file.path;
      EXPECT_EQ(hex_of(sha256(*bytes)), file.sha256) << file.path;
    }
}

// From which record on openings are missing.
std::optional<std::int64_t> unopened(TestWorld& world, const std::string& directory, const std::string& name) {
  return scan_chain(world.disk, directory, name, [](const IndexEntry&) { return Result<void>(); })->unopened_seq;
}

void check_acknowledged(Story& story) {
  for (const auto& one : story.acknowledged) {
    const auto missing = unopened(story.world, one.directory, one.name);
    if (one.name == "book.jsonl") {
      EXPECT_FALSE(missing) << one.directory;
    } else {
      EXPECT_GT(missing.value_or(INT64_MAX), one.receipt.seq) << one.directory;
    }
    const auto records = story.world.records(one.directory, one.name);
    ASSERT_GT(records.size(), static_cast<std::size_t>(one.receipt.seq)) << one.directory;
    const std::string line = canonical(records[static_cast<std::size_t>(one.receipt.seq)].object);
    EXPECT_EQ(hex_of(line_hash(line)), one.receipt.head);
    check_files(story.world, one.directory, records);
  }
}

void check_verdict(TestWorld& world) {
  const auto report = verify::verify(world.disk, world.paths.data, std::nullopt);
  ASSERT_TRUE(report.ok()) << report.error().text;
  for (const auto& finding : report->findings)
    EXPECT_NE(verify::row_of(finding.reason).severity, verify::Severity::broken) << verify::row_of(finding.reason).code << " " << finding.detail;
}

void check_after(Story& story) {
  check_acknowledged(story);
  check_verdict(story.world);
  if (!story.recording.empty()) {
    EXPECT_EQ(story.world.included("A1").size(), 1u);
  }
  const std::string first = story.world.ledger->index().dump().take();
  const std::size_t box = story.world.book("box").size();
  story.world.started();
  EXPECT_EQ(story.world.book("box").size(), box + 1) << "the second start says more than that it started";
  EXPECT_EQ(story.world.ledger->index().dump().take().find("A1|"), first.find("A1|"));
}

struct Way {
  Cut cut;
  bool last_first;
};
class CutTest : public ::testing::TestWithParam<Way> {};

TEST_P(CutTest, NothingAcknowledgedIsMissingAfterACutAtAnyOperation) {
  Story whole;
  whole.tell();
  ASSERT_TRUE(whole.ended);
  const int operations = whole.world.disk.operations;
  ASSERT_GT(operations, 40);
  for (int n = 0; n < operations; ++n) {
    SCOPED_TRACE("cut at operation " + std::to_string(n));
    Story story;
    story.world.disk.cut_at = n;
    story.world.disk.last_first = GetParam().last_first;
    story.tell();
    story.world.ledger.reset();
    story.world.disk.come_back(GetParam().cut);
    story.world.started();
    check_after(story);
    if (HasFailure()) return;
  }
}

constexpr Way kWays[] = {{Cut::killed, false},        {Cut::forgotten, false}, {Cut::torn, false},   {Cut::renamed, false},  {Cut::openings_lost, false},
                         {Cut::lines_lost, false},    {Cut::forgotten, true},  {Cut::torn, true},    {Cut::renamed, true},   {Cut::openings_lost, true},
                         {Cut::lines_lost, true}};
INSTANTIATE_TEST_SUITE_P(EveryOperation, CutTest, ::testing::ValuesIn(kWays));

// That the two ends of a concurrent sync are met at all: else the test above would prove nothing about it.
TEST(CutTogether, LeavesARecordWithoutItsOpeningsAndTheCaseSaysSo) {
  int met = 0;
  for (int n = 0; n < 400; ++n) {
    Story story;
    story.world.disk.cut_at = n;
    story.world.disk.last_first = true;
    story.tell();
    story.world.ledger.reset();
    story.world.disk.come_back(Cut::forgotten);
    story.world.started();
    if (story.ended) break;
    if (story.recording.empty()) continue;
    const auto missing = unopened(story.world, story.world.root_of(story.recording), "chain.jsonl");
    Json told;
    for (const auto& record : story.world.book("A1"))
      if (record.head.type == "finding" && record.body.contains("unopened_seq")) told = record.body;
    EXPECT_EQ(missing.has_value(), told.is_object());
    if (!missing) continue;
    EXPECT_EQ(told["unopened_seq"], *missing);
    ++met;
  }
  EXPECT_EQ(met, 3);  // the page, the two that share their syncs, the waybill
}

TEST(FaultyDisk, ForgetsWhatWasNotSynced) {
  FaultyFileSystem disk;
  ASSERT_TRUE(disk.make_directories("/d").ok());
  auto synced = disk.create("/d/synced").take();
  ASSERT_TRUE(synced->write(as_bytes("kept")).ok());
  ASSERT_TRUE(synced->sync().ok());
  ASSERT_TRUE(disk.sync_directory("/d").ok());
  ASSERT_TRUE(synced->write(as_bytes("lost")).ok());
  ASSERT_TRUE(disk.create("/d/nameless").ok());
  disk.come_back(Cut::forgotten);
  EXPECT_EQ(as_text(disk.read("/d/synced", 100).take()), "kept");
  EXPECT_FALSE(exists(disk, "/d/nameless"));
}

}  // namespace
}  // namespace netsampler
