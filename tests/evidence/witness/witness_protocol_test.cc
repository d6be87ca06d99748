// The witness's answers, one request at a time: what grows is cosigned, and every way of not growing is refused by its own status.
#include <gtest/gtest.h>

#include <filesystem>

#include "evidence/format/tlog_consistency.h"
#include "evidence/format/tlog_tree.h"
#include "evidence/witness/witness.h"
#include "tests/support/temp_directory.h"

namespace netsampler::witness {
namespace {

constexpr const char* kName = "witness.example/w1";

SigningKey key_of(std::uint8_t byte) {
  crypto_start();
  return SigningKey(Secret::from(Bytes(32, byte)).take());
}

// A log of numbered leaves; `salt` makes another one.
struct TestLog {
  SigningKey key;
  std::vector<Hash> leaves;
  explicit TestLog(std::uint8_t byte, int count, const std::string& salt = "") : key(key_of(byte)) {
    for (int i = 0; i < count; ++i) leaves.push_back(sha256(as_bytes(salt + std::to_string(i))));
  }
  Hash root(std::size_t size) const { return merkle_root(std::span(leaves).first(size)); }
  std::string note(std::size_t size) const { return sign_checkpoint(size, root(size), key); }
  std::string request(std::size_t old_size, std::size_t size) const {
    const TileReader read = [&](const TileName& tile) -> Result<Bytes> { return print_tile(std::span(leaves).first(tile.width)); };
    std::string text = "old " + std::to_string(old_size) + "\n";
    for (const Hash& hash : consistency_proof(std::min(old_size, size), size, read).take()) text += to_base64(hash) + "\n";
    return text + "\n" + note(size);
  }
  WatchedLog watched() const { return {log_origin(key.public_key()), key.public_key()}; }
};

class WitnessTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(start().ok());
  }
  Result<void> start() {
    witness.emplace(disk, clock, directory, kName, key_of(9), std::vector<WatchedLog>{log.watched()});
    return witness->load();
  }
  int status(const std::string& request) { return witness->add_checkpoint(request).status; }

  RealFileSystem disk;
  ManualClock clock;
  const TempDirectory home;
  const std::string& directory = home.path();
  TestLog log{1, 40};
  std::optional<Witness> witness;
};

TEST_F(WitnessTest, CosignsALogThatGrows) {
  const WitnessAnswer answer = witness->add_checkpoint(log.request(0, 3));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto note = parse_note(log.note(3) + answer.body);
  ASSERT_TRUE(note.ok());
  EXPECT_EQ(note_cosigned_by(*note, kName, key_of(9).public_key()), clock.utc / 1'000'000);
  EXPECT_EQ(status(log.request(3, 17)), 200);
  EXPECT_EQ(status(log.request(17, 17)), 200) << "again the same";
  EXPECT_EQ(status(log.request(17, 40)), 200);
}

TEST_F(WitnessTest, SaysWhatItKnowsWhereTheOldSizeIsAnother) {
  ASSERT_EQ(status(log.request(0, 8)), 200);
  for (const std::size_t old : {std::size_t{0}, std::size_t{5}, std::size_t{9}}) {
    const WitnessAnswer answer = witness->add_checkpoint(log.request(old, 20));
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.body, "8\n");
    EXPECT_EQ(answer.type, "text/x.tlog.size");
  }
  EXPECT_EQ(status(log.request(8, 20)), 200);
}

TEST_F(WitnessTest, RefusesToGoBack) {
  ASSERT_EQ(status(log.request(0, 20)), 200);
  EXPECT_EQ(status(log.request(8, 8)), 409);
  EXPECT_EQ(status(log.request(20, 8)), 400) << "older than what it extends";
}

TEST_F(WitnessTest, RefusesAForkAndKeepsBothOfOneSize) {
  const TestLog fork(1, 40, "fork");
  ASSERT_EQ(status(log.request(0, 20)), 200);
  EXPECT_EQ(status(fork.request(20, 30)), 422);
  const WitnessAnswer answer = witness->add_checkpoint(fork.request(20, 20));
  EXPECT_EQ(answer.status, 409);
  EXPECT_NE(answer.alarm.find("two different logs"), std::string::npos) << answer.alarm;
  const auto kept = disk.list(directory + "/conflicts");
  ASSERT_TRUE(kept.ok());
  ASSERT_EQ(kept->size(), 1u);
  EXPECT_EQ(as_text(disk.read(directory + "/conflicts/" + kept->front(), 1 << 16).take()), fork.note(20));
  EXPECT_EQ(status(log.request(20, 30)), 200) << "the true one goes on";
}

TEST_F(WitnessTest, RefusesOtherLogsOtherKeysAndOtherForms) {
  EXPECT_EQ(status(TestLog(2, 9).request(0, 9)), 404);
  std::string forged = log.request(0, 9);
  forged.replace(forged.find("\n9\n"), 3, "\n8\n");
  EXPECT_EQ(status(forged), 403);
  for (const std::string& text : {std::string(), std::string("old 0\n"), "old x\n\n" + log.note(9), "old 00\n\n" + log.note(9),
                                  "old 0\nshort\n\n" + log.note(9), "old 0\n" + log.note(9)})
    EXPECT_EQ(status(text), 400) << text;
  std::string proof = log.request(0, 9);
  EXPECT_EQ(status(proof.insert(6, to_base64(log.root(3)) + "\n")), 422) << "a proof from nothing";
  EXPECT_EQ(status(log.request(0, 9)), 200);
}

TEST_F(WitnessTest, RemembersAcrossRestartsAndStopsOnDamage) {
  ASSERT_EQ(status(log.request(0, 20)), 200);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(status(log.request(0, 30)), 409);
  EXPECT_EQ(status(log.request(20, 30)), 200);
  const std::string path = directory + "/logs/" + disk.list(directory + "/logs")->front();
  std::string text(as_text(disk.read(path, 1 << 16).take()));
  text.replace(text.find("\n30\n"), 4, "\n20\n");
  ASSERT_TRUE(write_whole(disk, path, as_bytes(text)).ok());
  EXPECT_FALSE(start().ok()) << "it must not begin anew";
}

TEST(WitnessKeys, AreMadeOnceAndForTheirOwnerAlone) {
  crypto_start();
  const TempDirectory home;
  const std::string& directory = home.path();
  RealFileSystem disk;
  const auto first = witness_key(disk, directory), again = witness_key(disk, directory);
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_EQ(first->public_key(), again->public_key());
  std::filesystem::permissions(directory + "/witness.key", std::filesystem::perms::group_read, std::filesystem::perm_options::add);
  const auto open = witness_key(disk, directory);
  ASSERT_FALSE(open.ok());
  EXPECT_EQ(open.error().kind, ErrorKind::denied);
}

TEST(WatchedLogs, AreNamedByPolicyLineOrVerifierKey) {
  const PublicKey key = key_of(1).public_key();
  const std::string line = "box " + hex_of(sha256(key)) + " " + to_base64(key) + " box 1";
  const auto by_line = parse_watched_log(line);
  ASSERT_TRUE(by_line.ok()) << by_line.error().text;
  EXPECT_EQ(by_line->origin, log_origin(key));
  const std::uint32_t id = note_key_id(log_origin(key), kNoteEd25519, key);
  const std::uint8_t id_bytes[] = {static_cast<std::uint8_t>(id >> 24), static_cast<std::uint8_t>(id >> 16), static_cast<std::uint8_t>(id >> 8),
                                   static_cast<std::uint8_t>(id)};
  Bytes typed{kNoteEd25519};
  append(typed, key);
  const std::string vkey = log_origin(key) + "+" + to_hex(id_bytes) + "+" + to_base64(typed);
  const auto by_vkey = parse_watched_log(vkey);
  ASSERT_TRUE(by_vkey.ok()) << by_vkey.error().text;
  EXPECT_EQ(by_vkey->key, key);
  for (const std::string& off : {std::string("box x"), std::string("x"), "+" + vkey, "a" + vkey, vkey.substr(0, vkey.size() - 4)})
    EXPECT_FALSE(parse_watched_log(off).ok()) << off;
}

}  // namespace
}  // namespace netsampler::witness
