// What keeps the verifier's memory small: the window of commitments, the row of leaves, the list of files and its bound.
#include <gtest/gtest.h>

#include "evidence/format/private.h"
#include "evidence/verify/opening_check.h"
#include "tests/evidence/verify/memory_disk.h"

namespace netsampler::verify {
namespace {

using test::Files;
using test::MemoryDisk;

constexpr const char* kPath = "private.jsonl";

struct Group {
  std::int64_t seq;
  Openings openings;
};

std::vector<Group> groups_of(int count) {
  std::vector<Group> groups;
  for (int i = 0; i < count; ++i) groups.push_back({i * 2, make_openings(i * 2, {{"a", i}, {"b", i}}).take()});
  return groups;
}

std::string text_of(const std::vector<Group>& groups) {
  std::string text;
  for (const Group& group : groups)
    for (const auto& line : group.openings.lines) text += line + "\n";
  return text;
}

// What is found where the records commit to `committed` and the file holds `text`, with a window of `most`.
std::vector<Finding> found(const std::vector<Group>& committed, const std::string& text, std::size_t most) {
  const Files files{{std::string("root/") + kPath, text}};
  const MemoryDisk disk(files);
  Tree tree = Tree::scan(disk, "root", false).take();
  Report report;
  Pool pool(0);
  Job job{tree, report, pool, nullptr};
  OpeningCheck check(job, kPath, most);
  for (const Group& group : committed) EXPECT_TRUE(check.commit(group.seq, group.openings.count, group.openings.root).ok());
  EXPECT_TRUE(check.finish(committed.back().seq, false).ok());
  return report.findings;
}

TEST(OpeningWindow, FindsNothingWhateverTheWindow) {
  const auto groups = groups_of(60);
  for (const std::size_t most : {2, 3, 7, 59, 60, 61, 1000}) EXPECT_TRUE(found(groups, text_of(groups), most).empty()) << most;
}

TEST(OpeningWindow, FindsTheSameWhateverTheWindow) {
  const auto committed = groups_of(60);
  auto held = committed;
  held[50].openings = make_openings(held[50].seq, {{"a", 7}, {"b", 7}}).take();  // another value
  held.erase(held.begin() + 40);                                                  // a record's openings are missing
  held.push_back({121, make_openings(121, {{"a", 1}}).take()});                    // nobody committed to these
  held.insert(held.begin() + 3, {5, make_openings(5, {{"a", 1}}).take()});
  for (const std::size_t most : {2, 3, 7, 59, 1000}) {
    const auto all = found(committed, text_of(held), most);
    ASSERT_EQ(all.size(), 4U) << most;
    EXPECT_EQ(all[0].reason, Reason::opening_stray);
    EXPECT_EQ(all[0].where, "private.jsonl seq 5");
    EXPECT_EQ(all[1].reason, Reason::opening_root);
    EXPECT_EQ(all[1].where, "private.jsonl seq 100");
    EXPECT_EQ(all[2].reason, Reason::opening_stray);
    EXPECT_EQ(all[3].reason, Reason::private_missing);
    EXPECT_EQ(all[3].detail, "1 records");
  }
}

TEST(LeafRow, GivesTheTreesRoot) {
  LeafRow row;
  std::vector<Hash> leaves;
  for (int i = 0; i < 70; ++i) {
    const std::string text = std::to_string(i);
    leaves.push_back(leaf_hash(as_bytes(text)));
    row.add(leaves.back());
    ASSERT_EQ(row.root(), merkle_root(leaves)) << i;
    ASSERT_EQ(row.size(), i + 1);
  }
  std::swap(leaves[0], leaves[1]);
  EXPECT_NE(row.root(), merkle_root(leaves));
}

TEST(FileList, IsInTheOrderOfWholePaths) {
  const Files files{{"root/a/b", "1"}, {"root/a-b", "22"}, {"root/a.b/c", "333"}, {"root/a/b.c", ""}, {"root/z", "4"}, {"root/a/b-/d", "5"}};
  const MemoryDisk disk(files);
  const Tree tree = Tree::scan(disk, "root", false).take();
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : tree.files()) paths.push_back(path);
  EXPECT_EQ(paths, (std::vector<std::string>{"a-b", "a.b/c", "a/b", "a/b-/d", "a/b.c", "z"}));
  for (std::size_t i = 0; i < paths.size(); ++i) EXPECT_EQ(tree.files().find(paths[i]), i);
  for (const char* absent : {"", "a", "a/", "a/b/", "a/b-", "a/b-/", "a/b-/dd", "zz"}) EXPECT_FALSE(tree.has(absent)) << absent;
  EXPECT_EQ(tree.files().at("a.b/c"), 3);
}

TEST(Tree, RefusesMoreFilesThanThereIsRoomFor) {
  Files files;
  for (int i = 0; i < 100; ++i) files["root/d/" + std::to_string(i)] = "x";
  const MemoryDisk disk(files);
  EXPECT_TRUE(Tree::scan(disk, "root", false, 100 * 250).ok());
  const auto refused = Tree::scan(disk, "root", false, 50 * 150);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
  EXPECT_NE(refused.error().text.find("--memory"), std::string::npos);
}

}  // namespace
}  // namespace netsampler::verify
