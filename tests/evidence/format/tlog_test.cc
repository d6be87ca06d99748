#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "evidence/format/tlog_consistency.h"
#include "evidence/format/tlog_proof.h"
#include "evidence/format/tlog_tree.h"

namespace netsampler::test {
namespace {

using testing::HasSubstr;

SigningKey key_of(std::uint8_t byte) {
  crypto_start();
  return SigningKey(Secret::from(Bytes(32, byte)).take());
}

LogLeaf leaf_of(std::int64_t seq) {
  LogLeaf leaf;
  leaf.tag.fill(1);
  leaf.head.fill(2);
  leaf.seq = seq;
  return leaf;
}

std::vector<std::string> leaves_of(std::int64_t count) {
  std::vector<std::string> leaves;
  for (std::int64_t i = 0; i < count; ++i) leaves.push_back(text_of(leaf_of(i)));
  return leaves;
}

std::vector<Hash> hashes_of(const std::vector<std::string>& leaves) {
  std::vector<Hash> hashes;
  for (const auto& leaf : leaves) hashes.push_back(log_leaf_hash(leaf));
  return hashes;
}

TEST(LogLeaf, HasOneForm) {
  const std::string text = text_of(leaf_of(7));
  const auto read = parse_log_leaf(text);
  ASSERT_TRUE(read.ok()) << read.error().text;
  EXPECT_EQ(*read, leaf_of(7));
  EXPECT_THAT(text, HasSubstr("\"kind\":\"recording\",\"seq\":7"));
}

TEST(LogLeaf, NothingElseIsOne) {
  const std::string text = text_of(leaf_of(7));
  const auto with = [&](const std::string& from, const std::string& to) { return std::string(text).replace(text.find(from), from.size(), to); };
  for (const auto& off : {with("recording", "case"), with(":7", ":-1"), with("0000", "000"), with("\"seq\"", "\"sex\""), with(",\"kind\"", ", \"kind\""), text + "\n"})
    EXPECT_FALSE(parse_log_leaf(off).ok()) << off;
}

TEST(LogLeaf, OfATokenHasItsHashTwice) {
  const LogLeaf leaf = token_leaf(sha256(as_bytes("token")));
  const auto read = parse_log_leaf(text_of(leaf));
  ASSERT_TRUE(read.ok()) << read.error().text;
  EXPECT_EQ(*read, leaf);
  LogLeaf other = leaf;
  other.seq = 1;
  EXPECT_FALSE(parse_log_leaf(text_of(other)).ok());
  other = leaf;
  other.tag.fill(3);
  EXPECT_FALSE(parse_log_leaf(text_of(other)).ok());
}

TEST(Consistency, ProofsFromTilesHoldForEveryPairOfSizes) {
  const auto all = hashes_of(leaves_of(600));
  for (const std::size_t size : {1u, 2u, 7u, 255u, 256u, 257u, 511u, 600u}) {
    const std::span<const Hash> leaves = std::span(all).first(size);
    const TileReader read = [&](const TileName& tile) -> Result<Bytes> {
      std::vector<Hash> hashes;
      for (std::uint64_t i = tile.index * kTileWidth; i < tile.index * kTileWidth + tile.width; ++i)
        hashes.push_back(tile.level == 0 ? leaves[i] : merkle_root(leaves.subspan(i * kTileWidth, kTileWidth)));
      return print_tile(hashes);
    };
    for (std::size_t old = 1; old <= size; old += old < 9 ? 1 : 13) {
      const auto proof = consistency_proof(old, size, read);
      ASSERT_TRUE(proof.ok()) << proof.error().text;
      ASSERT_LE(proof->size(), kConsistencyHashes);
      const Hash before = merkle_root(leaves.first(old)), after = merkle_root(leaves);
      ASSERT_TRUE(consistency_holds(old, size, before, after, *proof)) << old << " to " << size;
      if (old == size) continue;
      auto bent = *proof;
      bent.back()[0] ^= 1;
      ASSERT_FALSE(consistency_holds(old, size, before, after, bent)) << old << " to " << size;
    }
    EXPECT_FALSE(consistency_proof(size + 1, size, read).ok());
  }
}

TEST(Tile, PathsAreThoseOfTheLayout) {
  EXPECT_EQ(path_of({0, 1234067, 256}), "tile/0/x001/x234/067");
  EXPECT_EQ(path_of({2, 0, 1}), "tile/2/000.p/1");
  EXPECT_EQ(path_of({kEntries, 999, 255}), "tile/entries/999.p/255");
  for (const char* path : {"tile/0/x001/x234/067", "tile/2/000.p/1", "tile/entries/999.p/255", "tile/entries/x001/000"}) {
    const auto tile = tile_of_path(path);
    ASSERT_TRUE(tile) << path;
    EXPECT_EQ(path_of(*tile), path);
  }
}

TEST(Tile, OtherPathsAreNone) {
  for (const char* path : {"tile/0/1", "tile/00/001", "tile/0/001.p/0", "tile/0/001.p/256", "tile/0/001.p/01", "tile/9/001", "tile/0/001/002",
                           "tile/0/x000/001", "tile/entries", "tile/entries/", "tile/data/001", "checkpoint", "tile/0/x999/x999/x999/x999/999"})
    EXPECT_FALSE(tile_of_path(path)) << path;
}

TEST(Tile, ATreeHasThoseOfTheSpecificationsExample) {
  std::map<int, std::uint64_t> full, partial;
  for (const auto& tile : tiles_of(70'000)) tile.width == kTileWidth ? ++full[tile.level] : partial[tile.level] = tile.width;
  EXPECT_EQ(full[0], 273u);
  EXPECT_EQ(partial[0], 112u);
  EXPECT_EQ(full[1], 1u);
  EXPECT_EQ(partial[1], 17u);
  EXPECT_EQ(partial[2], 1u);
  EXPECT_EQ(full[kEntries], 273u);
  EXPECT_EQ(tiles_of(256), (std::vector<TileName>{{0, 0, 256}, {1, 0, 1}, {kEntries, 0, 256}}));
  EXPECT_EQ(tiles_of(600, 300).at(4), (TileName{kEntries, 1, 256}));
  EXPECT_TRUE(tiles_of(0).empty());
}

TEST(Tile, ContentsAreExactlySoMany) {
  const auto leaves = leaves_of(3);
  EXPECT_EQ(parse_tile(print_tile(hashes_of(leaves)), 3).take(), hashes_of(leaves));
  EXPECT_FALSE(parse_tile(print_tile(hashes_of(leaves)), 2).ok());
  const Bytes bundle = print_entries(leaves);
  EXPECT_EQ(parse_entries(bundle, 3).take(), leaves);
  EXPECT_FALSE(parse_entries(bundle, 2).ok());
  EXPECT_FALSE(parse_entries(bundle, 4).ok());
  EXPECT_FALSE(parse_entries(ByteView(bundle).first(bundle.size() - 1), 3).ok());
}

// Every size across two tiles' edges: root as RFC 6962 has it, and the files are exactly those that tiles_of lists.
TEST(LogTree, GrowsLeafByLeafAsTheWholeTreeWould) {
  const auto leaves = leaves_of(521);
  const auto hashes = hashes_of(leaves);
  LogTree tree;
  EXPECT_EQ(tree.root(), merkle_root({}));
  std::vector<TileText> full;
  for (std::size_t n = 1; n <= leaves.size(); ++n) {
    tree.append(leaves[n - 1], full);
    ASSERT_EQ(tree.root(), merkle_root(std::span(hashes).first(n))) << n;
    std::set<std::string> have, want;
    for (const auto& tile : full) have.insert(path_of(tile.name));
    for (const auto& tile : tree.edge()) have.insert(path_of(tile.name));
    for (const auto& tile : tiles_of(n)) want.insert(path_of(tile));
    ASSERT_EQ(have, want) << n;
  }
}

TEST(LogTree, IsLoadedFromItsEdge) {
  LogTree tree;
  std::vector<TileText> full;
  for (const auto& leaf : leaves_of(300)) tree.append(leaf, full);
  std::map<std::string, Bytes> files;
  for (const auto& tile : tree.edge()) files[path_of(tile.name)] = tile.bytes;
  const auto read = [&](const TileName& name) -> Result<Bytes> {
    const auto found = files.find(path_of(name));
    return found == files.end() ? Result<Bytes>(fail(ErrorKind::not_found, path_of(name))) : Result<Bytes>(found->second);
  };
  const auto loaded = LogTree::load(300, read);
  ASSERT_TRUE(loaded.ok()) << loaded.error().text;
  EXPECT_EQ(loaded->root(), tree.root());
  EXPECT_FALSE(LogTree::load(301, read).ok());
}

// The specification's own note: its text, key and signature.
TEST(SignedNote, IsReadAndPrinted) {
  const std::string text =
      "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
      "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
  const auto note = parse_note(text);
  ASSERT_TRUE(note.ok()) << note.error().text;
  EXPECT_THAT(note->text, testing::EndsWith("sera.\n"));
  EXPECT_EQ(note->signatures.at(0).name, "quasimodo.example/salvatore");
  EXPECT_EQ(note->signatures.at(0).key_id, 0x367ba04bu);
  EXPECT_EQ(print_note(*note), text);
}

TEST(SignedNote, IsRefusedOutOfForm) {
  for (const char* text : {"", "text\n", "text\n\n", "text\n\nsignature\n", "text\n\n— name\n", "text\n\n— name AAAA\n", "text\n\n— a+b AAAAAAAA\n",
                           "text\n\n— name AAAAAAAA", "te\txt\n\n— name AAAAAAAA\n", "text\n\n— name AAAAAAA\n"})
    EXPECT_FALSE(parse_note(text).ok()) << text;
}

TEST(SignedNote, HoldsForItsKeyAlone) {
  const SigningKey key = key_of(1), other = key_of(2);
  SignedNote note{"text\n", {}};
  note.signatures = {sign_note(note.text, "box", key)};
  EXPECT_TRUE(note_signed_by(note, "box", key.public_key()));
  EXPECT_FALSE(note_signed_by(note, "box", other.public_key()));
  EXPECT_FALSE(note_signed_by(note, "xob", key.public_key()));
  note.text = "Text\n";
  EXPECT_FALSE(note_signed_by(note, "box", key.public_key()));
}

TEST(SignedNote, IsCosignedAtATime) {
  const SigningKey witness = key_of(3);
  SignedNote note{"text\n", {}};
  note.signatures = {cosign_note(note.text, "witness", witness, 1'800'000'000)};
  EXPECT_EQ(note_cosigned_by(note, "witness", witness.public_key()), 1'800'000'000);
  EXPECT_FALSE(note_signed_by(note, "witness", witness.public_key()));
  note.signatures[0].signature[7] ^= 1;
  EXPECT_EQ(note_cosigned_by(note, "witness", witness.public_key()), std::nullopt);
}

TEST(Checkpoint, IsTheBoxesOwn) {
  const SigningKey box = key_of(1);
  const Hash root = sha256(as_bytes("root"));
  const std::string note = sign_checkpoint(5, root, box);
  const auto opened = open_checkpoint(note, box.public_key());
  ASSERT_TRUE(opened.ok()) << opened.error().text;
  EXPECT_EQ(opened->size, 5u);
  EXPECT_EQ(opened->root, root);
  EXPECT_FALSE(open_checkpoint(note, key_of(2).public_key()).ok()) << "another box's";
  EXPECT_FALSE(open_checkpoint(std::string(note).replace(note.find("\n5\n"), 3, "\n6\n"), box.public_key()).ok()) << "another size";
}

TEST(Checkpoint, HasThreeLines) {
  const std::string text = text_of(Checkpoint{"origin", 5, {}});
  EXPECT_TRUE(parse_checkpoint(text).ok());
  for (const auto& off : {text + "more\n", std::string("origin\n5\n"), std::string("origin\n05\n") + text.substr(9), "\n" + text.substr(7), text.substr(0, text.size() - 1)})
    EXPECT_FALSE(parse_checkpoint(off).ok()) << off;
}

TEST(LogProof, HoldsForEveryLeafOfEveryTreeAndForNoOther) {
  const SigningKey box = key_of(1);
  const auto leaves = leaves_of(20);
  const auto hashes = hashes_of(leaves);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const auto tree = std::span(hashes).first(size);
    for (std::size_t i = 0; i < size; ++i) {
      LogProof proof{i, inclusion_proof(tree, i), sign_checkpoint(size, merkle_root(tree), box), {}};
      const auto read = parse_log_proof(print_log_proof(proof));
      ASSERT_TRUE(read.ok()) << read.error().text;
      EXPECT_TRUE(check_log_proof(*read, leaves[i], box.public_key()).ok());
      EXPECT_FALSE(check_log_proof(*read, leaves[(i + 1) % leaves.size()], box.public_key()).ok()) << "another leaf";
    }
  }
}

TEST(LogProof, IsRefusedOutOfForm) {
  const LogProof proof{0, {Hash{}}, "checkpoint\n", Bytes{1, 2}};
  const std::string text = print_log_proof(proof);
  EXPECT_EQ(text, "c2sp.org/tlog-proof@v1\nextra AQI=\nindex 0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\ncheckpoint\n");
  EXPECT_EQ(parse_log_proof(text)->extra, proof.extra);
  for (const char* off : {"", "c2sp.org/tlog-proof@v2\nindex 0\n\nc\n", "c2sp.org/tlog-proof@v1\nindex 00\n\nc\n", "c2sp.org/tlog-proof@v1\n\nc\n",
                          "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nc\n", "c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nc\n", "c2sp.org/tlog-proof@v1\nindex 0\nAAAA"})
    EXPECT_FALSE(parse_log_proof(off).ok()) << off;
}

}  // namespace
}  // namespace netsampler::test
