#include "ui/supervisor/line_child.h"

#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace netsampler {
namespace {

Result<LineChild> shell(const TempDirectory& directory, const std::string& script) {
  return LineChild::start({"sh", "-c", script}, directory / "log");
}

TEST(LineChild, GivesEventsAndSkipsWhatIsNone) {
  const TempDirectory directory;
  LineChild child = shell(directory, "echo chatter; echo '{\"event\":\"ready\"}'; echo '[1]'; echo '{\"event\":\"done\"}'").take();
  EXPECT_EQ(string_or(*child.wait_event(5000), "event", ""), "ready");
  EXPECT_EQ(string_or(*child.wait_event(5000), "event", ""), "done");
  EXPECT_FALSE(child.wait_event(5000).ok());
}

TEST(LineChild, TellsTheExitCodeOfOneThatDiedSilently) {
  const TempDirectory directory;
  LineChild child = shell(directory, "exit 7").take();
  const auto event = child.wait_event(5000);
  ASSERT_FALSE(event.ok());
  EXPECT_NE(event.error().text.find("7"), std::string::npos);
}

TEST(LineChild, GivesUpAfterItsTime) {
  const TempDirectory directory;
  LineChild child = shell(directory, "read never").take();
  EXPECT_EQ(child.wait_event(50).error().kind, ErrorKind::unavailable);
  EXPECT_TRUE(child.process().running());
}

TEST(LineChild, ItsInputEndsWithUs) {
  const TempDirectory directory;
  auto child = std::make_unique<LineChild>(shell(directory, "read never; echo ended > " + directory / "told").take());
  const pid_t pid = child->process().pid();
  EXPECT_GT(pid, 0);
  Process kept = std::move(child->process());
  child.reset();  // closes the pipe
  EXPECT_EQ(kept.wait(5000), 0);
}

TEST(LineChild, AnEndlessLineIsCutAway) {
  const TempDirectory directory;
  LineChild child = shell(directory, "head -c 300000 /dev/zero | tr '\\0' x; echo; echo '{\"event\":\"after\"}'").take();
  EXPECT_EQ(string_or(*child.wait_event(5000), "event", ""), "after");
}

}  // namespace
}  // namespace netsampler
