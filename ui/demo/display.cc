// A display for the demo: the desktop's own where there is one, else an X server without a screen.
#include <poll.h>
#include <unistd.h>

#include <cstdlib>

#include "evidence/base/program.h"
#include "ui/demo/stage.h"

namespace netsampler {
namespace {

constexpr int kDisplayReadyMs = 20'000;
constexpr const char* kScreen = "1440x900x24";

// Xvfb tells its number as a bare line on the descriptor we name.
Result<std::string> read_number(int fd) {
  std::string text;
  char letter = 0;
  for (;;) {
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, kDisplayReadyMs) <= 0) return fail(ErrorKind::unavailable, "Xvfb did not start within 20 s");
    if (::read(fd, &letter, 1) != 1) return fail(ErrorKind::unavailable, "Xvfb ended at its start (is the package xvfb whole?)");
    if (letter == '\n') return text;
    if (text.size() < 8) text += letter;
  }
}

Result<void> raise_own(Stage& stage) {
  auto ends = TRY(make_pipe());
  ProcessOptions options;
  options.arguments = {"Xvfb", "-displayfd", "7", "-screen", "0", kScreen, "-nolisten", "tcp", "-noreset"};
  options.descriptors = {{ends.second.get(), 7}};
  options.output_file = stage.logs + "/xvfb.log";
  auto child = std::make_unique<LineChild>();
  child->process() = TRY(Process::start(options));
  ends.second.reset();
  stage.children.push_back(std::move(child));
  stage.display = ":" + TRY(read_number(ends.first.get()));
  TRY(stage.start({"openbox", "--sm-disable"}, "openbox", {{"DISPLAY", stage.display}}));
  return {};
}

}  // namespace

Result<void> raise_display(Stage& stage) {
  const char* given = std::getenv("DISPLAY");
  const std::string recorder = program_directory() + "/netsampler-capture";
  if (given != nullptr && *given != '\0' && run_and_read({recorder, "check", "--display", given}, 15'000).ok())
    stage.display = given;
  else
    TRY(raise_own(stage));
  stage.progress.detail("DISPLAY " + stage.display);
  return {};
}

}  // namespace netsampler
