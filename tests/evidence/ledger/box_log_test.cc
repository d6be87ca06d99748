// The box log's writer on a disk that can be cut, and each damage of it beside the sound log.
#include <gtest/gtest.h>

#include "evidence/format/tlog_proof.h"
#include "evidence/ledger/box_log.h"
#include "tests/evidence/ledger/ledger_world.h"

namespace netsampler {
namespace {

const std::string kRoot = "/log";

SigningKey key_of(std::uint8_t byte) {
  crypto_start();
  return SigningKey(Secret::from(Bytes(32, byte)).take());
}

LogLeaf leaf_of(int number) {
  const std::string text = std::to_string(number);
  LogLeaf leaf;
  leaf.tag = leaf.head = sha256(as_bytes(text));
  leaf.seq = number;
  return leaf;
}

struct LogWorld {
  FaultyFileSystem disk;
  SigningKey key = key_of(1);
  int next = 0;

  // Flushes of so many leaves each; how many leaves were acknowledged.
  std::uint64_t grow(const std::vector<int>& flushes) {
    BoxLog log(disk, kRoot, key);
    log.recover();
    std::uint64_t acknowledged = 0;
    for (const int leaves : flushes) {
      for (int i = 0; i < leaves; ++i) log.owe(leaf_of(next++));
      if (!log.flush().ok()) break;
      acknowledged = log.size();
    }
    return acknowledged;
  }
  Result<ReadLog> read(std::uint8_t key_byte = 1) const { return read_box_log(disk, kRoot, {key_of(key_byte).public_key()}, true); }
  void put(const std::string& path, const std::string& text) { ASSERT_TRUE(write_whole(disk, kRoot + "/" + path, as_bytes(text)).ok()); }
};

TEST(BoxLog, GrowsAndIsReadBack) {
  LogWorld world;
  EXPECT_TRUE(world.read().ok()) << "no log yet";
  EXPECT_EQ(world.grow({1, 2, 300, 260}), 563u);
  const auto log = world.read();
  ASSERT_TRUE(log.ok()) << log.error().text;
  EXPECT_EQ(log->tree.size(), 563u);
  EXPECT_TRUE(log->heads.contains(leaf_of(562).head));
  EXPECT_FALSE(log->heads.contains(leaf_of(563).head));
  EXPECT_EQ(as_text(world.disk.read(kRoot + "/checkpoint", 1000).take()), log->checkpoint);
  for (const auto& tile : tiles_of(563)) EXPECT_TRUE(exists(world.disk, kRoot + "/" + path_of(tile))) << path_of(tile);
  EXPECT_FALSE(exists(world.disk, kRoot + "/tile/0/000.p/1")) << "the full tile took its place";
}

TEST(BoxLog, OnlyTheNewestHeadOfATagIsLogged) {
  LogWorld world;
  BoxLog log(world.disk, kRoot, world.key);
  LogLeaf leaf = leaf_of(1);
  log.owe(leaf);
  leaf.seq = 2;
  log.owe(leaf);
  ASSERT_TRUE(log.flush().ok());
  EXPECT_EQ(log.size(), 1u);
  ASSERT_TRUE(log.flush().ok()) << "nothing is owed: nothing is signed";
  EXPECT_EQ(log.size(), 1u);
}

TEST(BoxLog, AForeignKeyIsRefused) {
  LogWorld world;
  world.grow({3});
  EXPECT_TRUE(world.read(1).ok());
  EXPECT_FALSE(world.read(2).ok());
}

TEST(BoxLog, AChangedTileIsRefused) {
  for (const char* path : {"tile/0/000.p/3", "tile/entries/000.p/3"}) {
    LogWorld world;
    world.grow({3});
    EXPECT_TRUE(world.read().ok());
    world.disk.damage(kRoot + "/" + path, 5);
    EXPECT_FALSE(world.read().ok()) << path;
  }
}

TEST(BoxLog, AForkIsRefused) {
  LogWorld world;
  world.grow({3, 2});
  EXPECT_TRUE(world.read().ok());
  world.put("checkpoints/3", sign_checkpoint(3, sha256(as_bytes("another tree")), world.key));
  EXPECT_FALSE(world.read().ok()) << "an older checkpoint of another tree";
  world.put("checkpoints/5", sign_checkpoint(5, sha256(as_bytes("another tree")), world.key));
  BoxLog log(world.disk, kRoot, world.key);
  log.recover();
  EXPECT_FALSE(log.usable().ok()) << "the newest one of another tree: the log goes no further";
  log.owe(leaf_of(99));
  EXPECT_FALSE(log.flush().ok());
}

// A narrower tile, or bundle, is the beginning of the widest of its number: also one that an attempt left which a cut ended.
void check_tiles(const FileSystem& disk) {
  std::map<std::pair<int, std::uint64_t>, std::map<std::uint64_t, std::string>> tiles;
  for (const auto& path : walk(disk, kRoot).take()) {
    EXPECT_FALSE(path.ends_with(".partial")) << path;
    const auto tile = tile_of_path(path);
    if (tile) tiles[{tile->level, tile->index}][tile->width] = std::string(as_text(disk.read(kRoot + "/" + path, 1u << 20).take()));
  }
  for (const auto& [number, widths] : tiles)
    for (const auto& [width, bytes] : widths) EXPECT_TRUE(widths.rbegin()->second.starts_with(bytes)) << number.first << " " << number.second << " " << width;
}

class BoxLogCut : public ::testing::TestWithParam<Cut> {};

// At every operation: what was acknowledged is there, the log is whole, and goes on.
TEST_P(BoxLogCut, LosesNothingAcknowledged) {
  const std::vector<int> flushes{2, 1, 254, 1};
  LogWorld whole;
  ASSERT_EQ(whole.grow(flushes), 258u);
  const int operations = whole.disk.operations;
  for (int n = 0; n < operations; ++n) {
    SCOPED_TRACE("cut at operation " + std::to_string(n));
    LogWorld world;
    world.disk.cut_at = n;
    const std::uint64_t acknowledged = world.grow(flushes);
    world.disk.come_back(GetParam());
    world.next = 1000;
    const std::uint64_t after = world.grow({1});
    ASSERT_GE(after, acknowledged + 1);
    const auto log = world.read();
    ASSERT_TRUE(log.ok()) << log.error().text;
    ASSERT_EQ(log->tree.size(), after);
    check_tiles(world.disk);
    for (std::uint64_t i = 0; i < acknowledged; ++i) ASSERT_TRUE(log->heads.contains(leaf_of(static_cast<int>(i)).head));
  }
}
INSTANTIATE_TEST_SUITE_P(EveryOperation, BoxLogCut, ::testing::Values(Cut::killed, Cut::forgotten, Cut::torn, Cut::renamed));

std::uint64_t log_size(TestWorld& world) { return world.ledger->log_state()["size"].get<std::uint64_t>(); }

std::set<Hash> logged(TestWorld& world) {
  const Bytes seed = from_base64(std::string(as_text(world.disk.read("/state/keys/box.key", 100).take())).substr(0, 44)).take();
  const auto log = read_box_log(world.disk, "/state/data/log", {SigningKey(Secret::from(seed).take()).public_key()}, true);
  EXPECT_TRUE(log.ok()) << log.error().text;
  return log.ok() ? log->heads : std::set<Hash>();
}

TEST(LedgerLog, HasTheHeadsOfOpenMinuteAndClose) {
  TestWorld world;
  world.started();
  ASSERT_TRUE(world.ledger->case_open("A1", "alice", Json::object(), Json::object()).ok());
  const auto opened = world.ledger->open({"unboxing", "A1", "", {}, ""});
  ASSERT_TRUE(opened.ok());
  EXPECT_TRUE(logged(world).contains(hash_from_hex(opened->head).take()));
  const std::string page = world.page(opened->recording)->head;
  EXPECT_FALSE(logged(world).contains(hash_from_hex(page).take())) << "within the minute";
  world.clock.advance(30'000'000);
  world.ledger->tick();
  EXPECT_FALSE(logged(world).contains(hash_from_hex(page).take()));
  ASSERT_TRUE(world.ledger->log_flush().ok());
  EXPECT_TRUE(logged(world).contains(hash_from_hex(page).take()));
  const std::uint64_t before = log_size(world);
  world.clock.advance(61'000'000);
  world.ledger->tick();
  EXPECT_EQ(log_size(world), before + 1) << "the epoch's record";
  const auto closed = world.ledger->close(opened->recording, "stopped", {});
  ASSERT_TRUE(closed.ok());
  EXPECT_TRUE(logged(world).contains(hash_from_hex(closed->head).take()));
}

TEST(LedgerLog, TokenIsStoredNamedAndTheBeaconOfTheNextRecording) {
  TestWorld world;
  world.started();
  const auto size = static_cast<std::int64_t>(log_size(world));
  EXPECT_FALSE(world.ledger->token_store(size + 1, "tsa", one_file("response.tsr", "token")).ok()) << "no such checkpoint";
  EXPECT_FALSE(world.ledger->token_store(size, "tsa", one_file("response.pem", "token")).ok()) << "no response";
  const auto stored = world.ledger->token_store(size, "tsa", one_file("response.tsr", "token"));
  ASSERT_TRUE(stored.ok()) << stored.error().text;
  const std::string hash = hex_of(sha256(as_bytes("token")));
  EXPECT_EQ(stored->path, "tokens/" + std::to_string(size) + "-0.tsr");
  EXPECT_EQ(stored->sha256, hash);
  EXPECT_EQ(as_text(world.disk.read("/state/data/log/" + stored->path, 100).take()), "token");
  EXPECT_EQ(world.book("box").back().head.type, "token");
  ASSERT_TRUE(world.ledger->log_flush().ok());
  EXPECT_EQ(log_size(world), static_cast<std::uint64_t>(size)) << "a token alone does not make the log grow";
  world.started();
  EXPECT_EQ(world.ledger->log_state()["beacon"], hash);
  const std::string recording = world.open("unboxing");
  EXPECT_EQ(world.chain(recording)[0].body["beacon"], hash);
}

TEST(LedgerLog, BeforeTheFirstTokenThereIsNoBeacon) {
  TestWorld world;
  world.started();
  EXPECT_FALSE(world.chain(world.open("unboxing"))[0].body.contains("beacon"));
}

}  // namespace
}  // namespace netsampler
