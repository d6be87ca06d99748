#include "evidence/base/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "evidence/base/file_system.h"
#include "tests/support/temp_directory.h"

namespace netsampler {
namespace {

TEST(Process, ReadsOutputAndRefusesFailure) {
  EXPECT_EQ(*run_and_read({"printf", "%s", "a b"}, 5000), "a b");
  EXPECT_FALSE(run_and_read({"false"}, 5000).ok());
  EXPECT_EQ(run_and_read({"no-such-program-here"}, 5000).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(run_and_read({"head", "-c", "5000", "/dev/zero"}, 5000, 100).error().kind, ErrorKind::full);
  EXPECT_FALSE(run_and_read({"cat", "/dev/tty0-that-is-not"}, 5000).ok());
}

TEST(Process, ARunGivesTextAndAnyExitCode) {
  ProcessOptions options;
  options.arguments = {"sh", "-c", "echo said; exit 3"};
  const auto outcome = run_program(options, 5000, 100);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->code, 3);
  EXPECT_EQ(outcome->text, "said\n");
  EXPECT_EQ(run_program(options, 5000, 2).error().kind, ErrorKind::full);
}

TEST(Process, StopsAndTellsTheSignal) {
  ProcessOptions options;
  options.arguments = {"tail", "-f", "/dev/null"};
  Process process = Process::start(options).take();
  EXPECT_TRUE(process.running());
  EXPECT_FALSE(process.wait(20).has_value());
  EXPECT_EQ(process.stop(5000), 128 + SIGTERM);
  EXPECT_FALSE(process.running());
}

TEST(Process, KillsWhatIgnoresTermination) {
  auto ends = make_pipe().take();
  ProcessOptions options;
  options.arguments = {"sh", "-c", "trap '' TERM; echo up; while :; do read x < /dev/zero || :; done"};
  options.descriptors = {{ends.second.get(), 1}};
  Process process = Process::start(options).take();
  char letter = 0;
  ASSERT_EQ(::read(ends.first.get(), &letter, 1), 1);
  EXPECT_EQ(process.stop(50), 128 + SIGKILL);
}

TEST(Process, MapsDescriptorsAndEnvironment) {
  auto ends = make_pipe().take();
  ProcessOptions options;
  options.arguments = {"sh", "-c", "printf \"$GREETING\" >&7"};
  options.descriptors = {{ends.second.get(), 7}};
  options.env = {{"GREETING", "hello"}};
  Process process = Process::start(options).take();
  ends.second.reset();
  EXPECT_EQ(as_text(*read_all(ends.first.get(), 100)), "hello");
  EXPECT_EQ(process.wait(5000), 0);
}

TEST(Process, OutputFileTakesBothStreams) {
  const TempDirectory directory;
  ProcessOptions options;
  options.arguments = {"sh", "-c", "echo out; echo err >&2; exit 3"};
  options.output_file = directory / "log";
  Process process = Process::start(options).take();
  EXPECT_EQ(process.wait(5000), 3);
  EXPECT_EQ(as_text(*RealFileSystem().read(directory / "log", 100)), "out\nerr\n");
}

}  // namespace
}  // namespace netsampler
