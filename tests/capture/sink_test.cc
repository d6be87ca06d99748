#include "capture/media/sink.h"

#include <gtest/gtest.h>

#include "capture/media/ledger_delivery.h"
#include "tests/capture/recording.h"

namespace netsampler::capture {
namespace {

// The real disk until `room` files were made; then it is full.
class SmallDisk final : public FileSystem {
 public:
  int room = 1'000;
  Result<std::unique_ptr<AppendFile>> create(const std::string& path) override {
    if (room-- <= 0) return fail(ErrorKind::full, path + ": no space left");
    return real_.create(path);
  }
  Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override { return real_.open_append(path); }
  Result<void> rename(const std::string& from, const std::string& to) override { return real_.rename(from, to); }
  Result<void> replace(const std::string& from, const std::string& to) override { return real_.replace(from, to); }
  Result<void> sync_directory(const std::string& path) override { return real_.sync_directory(path); }
  Result<void> make_directories(const std::string& path) override { return real_.make_directories(path); }
  Result<void> remove(const std::string& path) override { return real_.remove(path); }
  Result<Bytes> read(const std::string& path, std::size_t limit) const override { return real_.read(path, limit); }
  Result<void> read_pieces(const std::string& path, const PieceVisitor& each) const override { return real_.read_pieces(path, each); }
  Result<FileInfo> info(const std::string& path) const override { return real_.info(path); }
  Result<std::vector<std::string>> list(const std::string& path) const override { return real_.list(path); }

 private:
  RealFileSystem real_;
};

Segment segment_of(std::int64_t no) {
  Segment segment;
  segment.no = no;
  segment.bytes = {1, 2, 3};
  return segment;
}

TEST(DirectorySink, WritesWholeFilesUnderTheirNames) {
  const TempDirectory directory;
  SmallDisk disk;
  auto sink = open_directory_sink(disk, directory / "out");
  ASSERT_TRUE(sink.ok());
  ASSERT_TRUE((*sink)->start({}, Bytes{9}).ok());
  ASSERT_TRUE((*sink)->segment(segment_of(0)).ok());
  ASSERT_TRUE((*sink)->note({"gap", {{"source", "screen"}}, Json::object()}).ok());
  EXPECT_EQ(disk.list(directory / "out").value_or({}), (std::vector<std::string>{"000000.m4s", "init.mp4", "notes.jsonl"}));
  EXPECT_EQ(text_of_file(directory / "out/000000.m4s"), "\x01\x02\x03");
}

TEST(DirectorySink, AFullDiskIsExit74AndKeepsWholeSegments) {
  const TempDirectory directory;
  SmallDisk disk;
  disk.room = 2;
  auto sink = open_directory_sink(disk, directory / "out");
  ASSERT_TRUE(sink.ok());
  ASSERT_TRUE((*sink)->start({}, Bytes{9}).ok());
  ASSERT_TRUE((*sink)->segment(segment_of(0)).ok());
  const auto outcome = (*sink)->segment(segment_of(1));
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(exit_code_of(outcome.error().kind), 74);
  EXPECT_EQ(disk.list(directory / "out").value_or({}), (std::vector<std::string>{"000000.m4s", "init.mp4"}));
}

TEST(LedgerDelivery, NobodyListeningIsUnavailable) {
  const auto delivery = open_ledger_delivery("/nonexistent/ledger.sock", std::string(26, 'a'), 1'000'000, [](const Json&) {});
  ASSERT_FALSE(delivery.ok());
  EXPECT_EQ(delivery.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace netsampler::capture
