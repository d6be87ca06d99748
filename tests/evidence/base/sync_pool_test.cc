#include "evidence/base/sync_pool.h"

#include <gtest/gtest.h>

#include <semaphore>

#include "tests/support/temp_directory.h"

namespace netsampler {
namespace {

struct CountingFile final : AppendFile {
  int syncs = 0;
  Result<void> outcome;
  Result<void> write(ByteView) override { return {}; }
  Result<void> sync() override {
    ++syncs;
    return outcome;
  }
};

// Its sync ends only once the other one's has begun.
struct MeetingFile final : AppendFile {
  std::binary_semaphore mine{0};
  MeetingFile* other = nullptr;
  Result<void> write(ByteView) override { return {}; }
  Result<void> sync() override {
    other->mine.release();
    if (mine.try_acquire_for(std::chrono::seconds(20))) return {};
    return fail(ErrorKind::internal, "the other one was not synced meanwhile");
  }
};

TEST(SyncPool, SyncsEachFileOnceAndTellsEachOutcome) {
  for (const std::size_t count : {0u, 1u, 2u, 9u, 200u}) {
    SyncPool pool;
    std::vector<CountingFile> files(count);
    std::vector<AppendFile*> handles;
    for (auto& file : files) handles.push_back(&file);
    if (count > 1) files[count - 1].outcome = fail(ErrorKind::io, "bad sector");
    const auto outcomes = pool.sync(handles);
    ASSERT_EQ(outcomes.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(files[i].syncs, 1);
      EXPECT_EQ(outcomes[i].ok(), count == 1 || i + 1 < count) << i;
    }
  }
}

TEST(SyncPool, SyncsAtTheSameTime) {
  SyncPool pool;
  MeetingFile one, two;
  one.other = &two, two.other = &one;
  for (const auto& outcome : pool.sync({&one, &two})) EXPECT_TRUE(outcome.ok()) << outcome.error().text;
}

TEST(SyncPool, TheRealDiskSyncsWhatWasWritten) {
  const TempDirectory directory;
  RealFileSystem disk;
  auto one = disk.create(directory.path() + "/one").take(), two = disk.create(directory.path() + "/two").take();
  ASSERT_TRUE(one->write(as_bytes("1")).ok());
  ASSERT_TRUE(two->write(as_bytes("22")).ok());
  for (const auto& outcome : disk.sync_all({one.get(), two.get()})) EXPECT_TRUE(outcome.ok());
  EXPECT_EQ(as_text(disk.read(directory.path() + "/two", 10).take()), "22");
  EXPECT_TRUE(disk.sync_all({}).empty());
}

}  // namespace
}  // namespace netsampler
