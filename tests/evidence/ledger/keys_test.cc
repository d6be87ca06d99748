// The box key: made, kept, changed, lost. What comes out of it is held against the verifier each time.
#include <sys/stat.h>

#include <algorithm>

#include "evidence/ledger/private_file.h"
#include "evidence/verify/verify.h"
#include "tests/evidence/ledger/ledger_world.h"
#include "tests/support/temp_directory.h"

namespace netsampler {
namespace {

using Codes = std::set<std::string>;

// What is wanting in the box's data, notes apart, by its own policy.txt.
Codes verified(TestWorld& world) {
  auto policy = parse_policy(as_text(world.disk.read(world.paths.policy, 1u << 16).take()));
  EXPECT_TRUE(policy.ok());
  const auto report = verify::verify(world.disk, world.paths.data, policy.take(), {});
  EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().text);
  Codes codes;
  if (!report.ok()) return codes;
  for (const auto& finding : report->findings)
    if (verify::row_of(finding.reason).severity != verify::Severity::note) codes.insert(std::string(verify::row_of(finding.reason).code));
  return codes;
}

std::string public_of(TestWorld& world) { return world.ledger->key_show()["box_key"]; }
bool view(TestWorld& world, const std::string& case_id) {
  return world.ledger->book_append(case_id, "custody", "alice", {{"action", "view"}}, Json::object(), {}).ok();
}
std::vector<std::string> types(TestWorld& world, const std::string& case_id) {
  std::vector<std::string> found;
  for (const auto& record : world.book(case_id)) found.push_back(record.head.type);
  return found;
}

struct KeysTest : ::testing::Test {
  TestWorld world;
  void SetUp() override {
    world.config.clock_limit_us = 60'000'000;  // nothing disciplines the clock here
    world.started();
    ASSERT_TRUE(world.ledger->case_open("A1", "alice", Json::object(), {{"title", "玩具"}}).ok());
    ASSERT_TRUE(world.ledger->case_open("A2", "alice", Json::object(), Json::object()).ok());
  }
  void record_in(const std::string& case_id) {
    const std::string id = world.open("unboxing", case_id);
    ASSERT_TRUE(world.page(id).ok());
    ASSERT_TRUE(world.ledger->close(id, "stopped", {}).ok());
  }
};

TEST_F(KeysTest, ARotatedKeyIsFollowedByEachBookWhenItIsNextWritten) {
  record_in("A1");
  const std::string before = public_of(world);
  const auto rotated = world.ledger->key_rotate();
  ASSERT_TRUE(rotated.ok()) << rotated.error().text;
  EXPECT_NE(public_of(world), before);
  EXPECT_EQ((*rotated)["history"].size(), 2u);
  EXPECT_EQ((*rotated)["history"][0]["why"], "rotated");
  EXPECT_FALSE(exists(world.disk, "/state/keys/box.key.next"));
  ASSERT_TRUE(view(world, "A1"));
  ASSERT_TRUE(view(world, "A1"));
  EXPECT_EQ(types(world, "A1"), (std::vector<std::string>{"case_open", "include", "key_change", "custody", "custody"}));
  EXPECT_EQ(types(world, "A2"), (std::vector<std::string>{"case_open"})) << "nobody wrote into it";
  record_in("A2");
  EXPECT_EQ(verified(world), Codes{"unstamped"});
  world.started();
  EXPECT_EQ(world.ledger->log_state().contains("broken"), false) << "the log goes on under the new key";
  ASSERT_TRUE(view(world, "A2"));
  EXPECT_EQ(verified(world), Codes{"unstamped"});
}

TEST_F(KeysTest, TwoRotationsAreOneRecordInABookThatMissedTheFirst) {
  ASSERT_TRUE(world.ledger->key_rotate().ok());
  ASSERT_TRUE(world.ledger->key_rotate().ok());
  ASSERT_TRUE(view(world, "A1"));
  EXPECT_EQ(world.book("A1")[1].body["changes"].size(), 2u);
  ASSERT_TRUE(world.ledger->case_open("A3", "alice", Json::object(), Json::object()).ok());
  EXPECT_EQ(world.book("A3")[0].body["key_history"].size(), 2u);
  EXPECT_EQ(verified(world), Codes{"unstamped"});
}

TEST_F(KeysTest, IsNotRotatedWhileARecordingRuns) {
  const std::string id = world.open("unboxing", "A1");
  EXPECT_EQ(world.ledger->key_rotate().error().kind, ErrorKind::busy);
  ASSERT_TRUE(world.ledger->close(id, "stopped", {}).ok());
  EXPECT_TRUE(world.ledger->key_rotate().ok());
}

TEST_F(KeysTest, ThePolicyKeepsWhatStandsInItAndGetsTheNewKeysLine) {
  const std::string before(as_text(world.disk.read(world.paths.policy, 1u << 16).take()));
  ASSERT_TRUE(write_whole(world.disk, world.paths.policy, as_bytes(before + "# 自行添加")).ok());
  ASSERT_TRUE(world.ledger->key_rotate().ok());
  const std::string after(as_text(world.disk.read(world.paths.policy, 1u << 16).take()));
  EXPECT_TRUE(after.starts_with(before + "# 自行添加\nbox "));
  EXPECT_EQ(parse_policy(after)->boxes.size(), 2u);
  EXPECT_EQ(world.ledger->key_show()["policy"].size(), 2u);
}

TEST_F(KeysTest, ALostKeyStopsTheStartAndSaysWhatToDo) {
  world.ledger.reset();
  const Bytes key = world.disk.read("/state/keys/box.key", 100).take();
  ASSERT_TRUE(world.disk.remove("/state/keys/box.key").ok());
  const auto refused = world.start();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
  EXPECT_NE(refused.error().text.find("--replace-lost-key"), std::string::npos);
  EXPECT_FALSE(exists(world.disk, "/state/keys/box.key")) << "no other box is made of this one";
  ASSERT_TRUE(write_whole(world.disk, "/state/keys/box.key", key).ok());
  EXPECT_TRUE(world.start().ok()) << "restored from its backup";
}

TEST_F(KeysTest, AnotherBoxsKeyIsNoKeyOfThisBox) {
  world.ledger.reset();
  const std::string text = to_base64(Secret::random().bytes()) + "\n";
  ASSERT_TRUE(write_whole(world.disk, "/state/keys/box.key", as_bytes(text)).ok());
  EXPECT_NE(world.start().error().text.find("another key"), std::string::npos);
}

TEST_F(KeysTest, ALostKeyIsReplacedAndTheBooksSaySoForEver) {
  record_in("A1");
  world.ledger.reset();
  ASSERT_TRUE(world.disk.remove("/state/keys/box.key").ok());
  const auto replaced = world.start(true);
  ASSERT_TRUE(replaced.ok()) << replaced.error().text;
  EXPECT_EQ(world.ledger->key_show()["history"][0]["why"], "lost");
  EXPECT_EQ(types(world, "A1").back(), "include") << "nobody wrote into it: it is as it was";
  ASSERT_TRUE(view(world, "A1"));
  EXPECT_EQ(verified(world), (Codes{"key-lost", "unstamped"}));
  world.started();
  ASSERT_TRUE(view(world, "A2"));
  EXPECT_EQ(verified(world), (Codes{"key-lost", "unstamped"}));
}

TEST_F(KeysTest, AKeyThatIsThereIsNotReplacedAsLost) {
  const std::string before = public_of(world);
  world.ledger.reset();
  EXPECT_EQ(world.start(true).error().kind, ErrorKind::invalid);
  world.started();
  EXPECT_EQ(public_of(world), before);
}

TEST_F(KeysTest, ABookOfAnotherBoxIsNotContinued) {
  TestWorld other;
  other.started();
  ASSERT_TRUE(other.ledger->case_open("B1", "alice", Json::object(), Json::object()).ok());
  const Bytes book = other.disk.read("/state/data/cases/B1/book.jsonl", 1u << 16).take();
  ASSERT_TRUE(world.disk.make_directories("/state/data/cases/B1").ok());
  ASSERT_TRUE(write_whole(world.disk, "/state/data/cases/B1/book.jsonl", book).ok());
  world.started();
  EXPECT_FALSE(view(world, "B1"));
  EXPECT_EQ(world.disk.read("/state/data/cases/B1/book.jsonl", 1u << 16).take(), book);
  EXPECT_TRUE(view(world, "A1"));
}

TEST_F(KeysTest, ACredentialComesFirstUntilTheKeyIsRotated) {
  world.ledger.reset();
  const Bytes key = world.disk.read("/state/keys/box.key", 100).take();
  ASSERT_TRUE(world.disk.make_directories("/run/credentials").ok());
  ASSERT_TRUE(write_whole(world.disk, "/run/credentials/box.key", key).ok());
  world.keys.credential = "/run/credentials/box.key";
  world.started();
  EXPECT_EQ(world.ledger->key_show()["kept"], "credential");
  EXPECT_EQ(world.ledger->key_show()["copy"], true);
  ASSERT_TRUE(world.disk.remove("/state/keys/box.key").ok());
  world.started();
  EXPECT_EQ(world.ledger->key_show()["copy"], false);
  ASSERT_TRUE(world.ledger->key_rotate().ok());
  EXPECT_EQ(world.ledger->key_show()["kept"], "file");
  world.started();
  EXPECT_EQ(world.ledger->key_show()["kept"], "file") << "the credential holds the old key";
  EXPECT_EQ(world.ledger->key_show()["history"].size(), 2u);
  EXPECT_EQ(verified(world), Codes{"unstamped"});
}

TEST_F(KeysTest, MemoryThatCannotBeLockedIsTold) {
  EXPECT_EQ(world.ledger->key_show()["locked_memory"], true);
  for (const auto& record : world.book("box")) EXPECT_NE(record.head.type, "check");
  world.locked_memory = fail(ErrorKind::full, "cannot be locked");
  world.started();
  EXPECT_EQ(world.ledger->key_show()["locked_memory"], false);
  EXPECT_EQ(world.book("box").back().body["name"], "locked-memory");
}

// The machine stops at every operation of a change of the key; the next start finishes it or undoes it, and the box works on.
class KeyChangeCut : public ::testing::TestWithParam<Cut> {};

void prepare(TestWorld& world, bool is_lost) {
  world.started();
  ASSERT_TRUE(world.ledger->case_open("A1", "alice", Json::object(), Json::object()).ok());
  if (!is_lost) return;
  world.ledger.reset();
  ASSERT_TRUE(world.disk.remove("/state/keys/box.key").ok());
  ASSERT_TRUE(world.disk.sync_directory("/state/keys").ok());
}

bool change(TestWorld& world, bool is_lost) { return is_lost ? world.start(true).ok() : world.ledger->key_rotate().ok(); }

void check_settled(TestWorld& world, bool done, bool is_lost) {
  if (is_lost && !world.start().ok()) {
    EXPECT_FALSE(done);
    ASSERT_TRUE(world.start(true).ok()) << "not begun: it can be asked for again";
  }
  world.started();
  const std::size_t keys = world.ledger->key_show()["history"].size();
  EXPECT_TRUE(keys == 2 || (keys == 1 && !done && !is_lost)) << keys;
  EXPECT_FALSE(exists(world.disk, "/state/keys/box.key.next"));
  ASSERT_TRUE(view(world, "A1"));
  EXPECT_EQ(verified(world), is_lost ? (Codes{"key-lost", "unstamped"}) : Codes{"unstamped"});
  world.started();
  EXPECT_EQ(world.ledger->key_show()["history"].size(), keys);
}

TEST_P(KeyChangeCut, IsFinishedOrUndone) {
  for (const bool is_lost : {false, true}) {
    TestWorld whole;
    prepare(whole, is_lost);
    const int before = whole.disk.operations;
    ASSERT_TRUE(change(whole, is_lost));
    const int operations = whole.disk.operations - before;
    ASSERT_GT(operations, 15);
    for (int n = 0; n <= operations; ++n) {
      SCOPED_TRACE((is_lost ? "lost, cut at operation " : "rotated, cut at operation ") + std::to_string(n));
      TestWorld world;
      prepare(world, is_lost);
      world.disk.cut_at = world.disk.operations + n;
      const bool done = change(world, is_lost);
      world.ledger.reset();
      world.disk.come_back(GetParam());
      check_settled(world, done, is_lost);
      if (HasFailure()) return;
    }
  }
}
INSTANTIATE_TEST_SUITE_P(EveryOperation, KeyChangeCut, ::testing::Values(Cut::killed, Cut::forgotten, Cut::torn, Cut::renamed));

TEST(KeyFile, OfOthersOrForOthersIsRefused) {
  const TempDirectory directory;
  RealFileSystem disk;
  const std::string path = directory / "box.key";
  ASSERT_TRUE(write_private(disk, path, as_bytes("secret")).ok());
  EXPECT_TRUE(check_private_file(path).ok());
  for (const mode_t mode : {0640, 0604, 0660}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    const auto refused = check_private_file(path);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind, ErrorKind::denied);
    EXPECT_NE(refused.error().text.find("chmod 0600"), std::string::npos);
  }
  EXPECT_FALSE(check_private_file("/etc").ok());
}

TEST(KeyFile, IsWipedInPlace) {
  const TempDirectory directory;
  RealFileSystem disk;
  const std::string path = directory / "box.key";
  ASSERT_TRUE(write_private(disk, path, as_bytes("secret")).ok());
  struct stat before {}, after {};
  ASSERT_EQ(::stat(path.c_str(), &before), 0);
  ASSERT_TRUE(wipe_file(path).ok());
  ASSERT_EQ(::stat(path.c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_EQ(disk.read(path, 100).take(), Bytes(6, 0));
  EXPECT_FALSE(wipe_file(directory / "absent.key").ok());
}

}  // namespace
}  // namespace netsampler
