// What keeps the verifier's memory small: the window of commitments, the row of leaves, the list of files and its bound.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "evidence/format/private.h"
#include "evidence/format/withheld.h"
#include "evidence/verify/opening_check.h"
#include "evidence/verify/verify.h"
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

Files holding(const std::string& text) { return {{std::string("root/") + kPath, text}}; }

// What is found where the records commit to `committed`, with a window of `most`.
std::vector<Finding> found_on(const MemoryDisk& disk, const std::vector<Group>& committed, std::size_t most) {
  Tree tree = Tree::scan(disk, "root", false).take();
  Report report;
  Pool pool(0);
  Job job{tree, report, pool, nullptr};
  OpeningCheck check(job, kPath, most);
  for (const Group& group : committed) EXPECT_TRUE(check.commit(group.seq, group.openings.count, group.openings.root).ok());
  EXPECT_TRUE(check.finish(committed.back().seq, false).ok());
  return report.findings;
}

// The same where the file holds `text`.
std::vector<Finding> found(const std::vector<Group>& committed, const std::string& text, std::size_t most) {
  const Files files = holding(text);
  return found_on(MemoryDisk(files), committed, most);
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

// The verifier over a directory, with so much room: the error's text, "" where it comes to a verdict.
std::string refusal(const Files& files, std::size_t bytes) {
  const MemoryDisk disk(files);
  Options options;
  options.files_bytes = bytes;
  const auto report = verify(disk, "root", std::nullopt, options);
  if (!report.ok()) {
    EXPECT_EQ(report.error().kind, ErrorKind::invalid);
  }
  return report.ok() ? "" : report.error().text;
}

TEST(Room, EndsWithTheRecordings) {
  Files files;
  for (char c = 'a'; c <= 'z'; ++c) files[std::string("root/recordings/") + std::string(26, c) + "/chain.jsonl"] = "";
  EXPECT_EQ(refusal(files, 200'000), "");
  EXPECT_THAT(refusal(files, 30'000), testing::StartsWith("more recordings than are verified at once"));
}

TEST(Room, EndsWithWhatIsWithheld) {
  Files files{{"root/bagit.txt", ""}, {"root/data/case/book.jsonl", ""}};
  std::vector<WithheldItem> items;
  for (int i = 100; i < 300; ++i) items.push_back({"data/" + std::to_string(i), -1, -1, 1, std::string(64, '0'), "alice", "r" + std::to_string(i)});
  files["root/withheld.jsonl"] = print_withheld({"panel", std::string(64, 'a'), ""}, items);
  EXPECT_EQ(refusal(files, 200'000), "");
  EXPECT_THAT(refusal(files, 20'000), testing::StartsWith("more things withheld than are verified at once"));
}

TEST(Report, KeepsTheFirstGapsAndShortTexts) {
  Report report;
  const std::string han = "断";  // three bytes
  std::string cause;
  while (cause.size() < 2000) cause += han;
  for (std::int64_t i = 0; i < 1500; ++i) report.add(Gap{"r", "screen", i == 0 ? cause : "stalled", i, i + 1});
  ASSERT_EQ(report.gaps.size(), kGapsListed);
  EXPECT_EQ(report.gaps[0].cause.size(), kForeignBytes / 3 * 3 + 3);
  EXPECT_TRUE(report.gaps[0].cause.ends_with("断…"));
  EXPECT_EQ(report.gaps[999].from_us, 999);
  report.add(Reason::opaque, "", cause);
  EXPECT_LT(report.findings[0].detail.size(), kForeignBytes + 4);
}

TEST(OpeningWindow, ReadsOnFromWhereItWasLeft) {
  const auto groups = groups_of(400);
  const std::string text = text_of(groups);
  const Files files = holding(text);
  const MemoryDisk disk(files);
  EXPECT_TRUE(found_on(disk, groups, 10).empty());
  ASSERT_GT(disk.begun_at.size(), 60U) << "a window of ten, settled by halves";
  EXPECT_TRUE(std::is_sorted(disk.begun_at.begin(), disk.begun_at.end()));
  EXPECT_GT(disk.begun_at.back(), static_cast<std::int64_t>(text.size() * 9 / 10));
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
