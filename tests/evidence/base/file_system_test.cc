#include "evidence/base/file_system.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "evidence/base/present.h"
#include "tests/support/temp_directory.h"

namespace netsampler {
namespace {

std::string text_of(const FileSystem& disk, const std::string& path) { return std::string(as_text(*disk.read(path, 1 << 20))); }

TEST(FileSystem, WriteWholeReplacesWhole) {
  const TempDirectory directory;
  RealFileSystem disk;
  ASSERT_TRUE(write_whole(disk, directory / "a", as_bytes("one")).ok());
  ASSERT_TRUE(write_whole(disk, directory / "a", as_bytes("two")).ok());
  EXPECT_EQ(text_of(disk, directory / "a"), "two");
  EXPECT_FALSE(exists(disk, directory / "a.partial"));
}

TEST(FileSystem, WriteWholeTakesOverAStalePartial) {
  const TempDirectory directory;
  RealFileSystem disk;
  ASSERT_TRUE((*disk.create(directory / "a.partial"))->write(as_bytes("torn")).ok());
  ASSERT_TRUE(write_whole(disk, directory / "a", as_bytes("whole")).ok());
  EXPECT_EQ(text_of(disk, directory / "a"), "whole");
}

TEST(FileSystem, CreateAndRenameNeverOverwrite) {
  const TempDirectory directory;
  RealFileSystem disk;
  ASSERT_TRUE(disk.create(directory / "a").ok());
  EXPECT_FALSE(disk.create(directory / "a").ok());
  ASSERT_TRUE(disk.create(directory / "b").ok());
  EXPECT_FALSE(disk.rename(directory / "a", directory / "b").ok());
  EXPECT_TRUE(disk.rename(directory / "a", directory / "c").ok());
}

TEST(FileSystem, CreateDoesNotFollowALink) {
  const TempDirectory directory;
  RealFileSystem disk;
  ASSERT_EQ(::symlink("/dev/null", (directory / "link").c_str()), 0);
  EXPECT_FALSE(disk.open_append(directory / "link").ok());
  EXPECT_FALSE(disk.info(directory / "link").ok());
  EXPECT_FALSE(walk(disk, directory.path()).ok());
}

TEST(FileSystem, WalkIsSortedAndRelative) {
  const TempDirectory directory;
  RealFileSystem disk;
  ASSERT_TRUE(disk.make_directories(directory / "b/c").ok());
  for (const char* name : {"b/c/2", "b/1", "a"}) ASSERT_TRUE(write_whole(disk, directory / name, {}).ok());
  EXPECT_EQ(*walk(disk, directory.path()), (std::vector<std::string>{"a", "b/1", "b/c/2"}));
}

TEST(FileSystem, ReadKeepsItsLimit) {
  const TempDirectory directory;
  RealFileSystem disk;
  ASSERT_TRUE(write_whole(disk, directory / "a", as_bytes("12345")).ok());
  EXPECT_TRUE(disk.read(directory / "a", 5).ok());
  EXPECT_FALSE(disk.read(directory / "a", 4).ok());
  EXPECT_EQ(disk.read(directory / "none", 4).error().kind, ErrorKind::not_found);
}

TEST(FileSystem, PresentIsSureOfWhatIsAbsent) {
  const TempDirectory directory;
  RealFileSystem disk;
  ASSERT_TRUE(write_whole(disk, directory / "a", {}).ok());
  ASSERT_EQ(::symlink("a", (directory / "link").c_str()), 0);
  EXPECT_TRUE(*present(disk, directory / "a"));
  EXPECT_FALSE(*present(disk, directory / "none"));
  EXPECT_FALSE(present(disk, directory / "link").ok());
  EXPECT_FALSE(exists(disk, directory / "link"));
}

TEST(FileSystem, TheFirstLineHasItsNewlineOrThereIsNone) {
  const TempDirectory directory;
  RealFileSystem disk;
  for (const auto& [text, expected] : {std::pair{"one\ntwo\n", "one\n"}, {"torn", "torn"}, {"", ""}, {"0123456789\n", "01234567"}}) {
    ASSERT_TRUE(write_whole(disk, directory / "a", as_bytes(text)).ok());
    EXPECT_EQ(first_line(disk, directory / "a", 8).take(), expected);
  }
  EXPECT_EQ(first_line(disk, directory / "none", 8).error().kind, ErrorKind::not_found);
}

TEST(FileSystem, NamesComeOneByOneAndTheVisitorMayEndIt) {
  const TempDirectory directory;
  RealFileSystem disk;
  for (const char* name : {"c", "a", "b"}) ASSERT_TRUE(write_whole(disk, directory / name, {}).ok());
  std::vector<std::string> names;
  const auto take = [&](const std::string& name) {
    names.push_back(name);
    return Result<void>();
  };
  ASSERT_TRUE(disk.visit_names(directory.path(), take).ok());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, *disk.list(directory.path()));
  int asked = 0;
  const auto refuse = [&](const std::string&) -> Result<void> { return ++asked, fail(ErrorKind::full, "enough"); };
  EXPECT_EQ(disk.visit_names(directory.path(), refuse).error().kind, ErrorKind::full);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(disk.visit_names(directory / "none", take).error().kind, ErrorKind::not_found);
}

TEST(FileSystem, PiecesFromTheMiddleOn) {
  const TempDirectory directory;
  RealFileSystem disk;
  ASSERT_TRUE(write_whole(disk, directory / "a", as_bytes("0123456789")).ok());
  for (const auto& [from, rest] : {std::pair{0, "0123456789"}, {4, "456789"}, {10, ""}, {11, ""}}) {
    std::string real, general;
    ASSERT_TRUE(disk.read_pieces_from(directory / "a", from, [&](ByteView piece) { return real += as_text(piece), Result<void>(); }).ok());
    ASSERT_TRUE(disk.FileSystem::read_pieces_from(directory / "a", from, [&](ByteView piece) { return general += as_text(piece), Result<void>(); }).ok());
    EXPECT_EQ(real, rest);
    EXPECT_EQ(general, rest);
  }
}

TEST(FileSystem, AFileIsNoDirectory) {
  const TempDirectory directory;
  RealFileSystem disk;
  ASSERT_TRUE(write_whole(disk, directory / "a", {}).ok());
  EXPECT_FALSE(disk.make_directories(directory / "a/b").ok());
  EXPECT_FALSE(disk.make_directories(directory / "a").ok());
}

}  // namespace
}  // namespace netsampler
