#include <iostream>
#include <memory>

#include "capture/camera/camera_address.h"
#include "capture/camera/camera_recorder.h"
#include "capture/commands.h"
#include "capture/display/x11.h"
#include "evidence/base/json.h"

namespace netsampler::capture {
namespace {

Result<std::string> check_display(const std::string& name) {
  const XDisplay display = TRY(XDisplay::open(name));
  TRY(check_display_free(display));
  std::string missing;
  if (!display.has_extension(xcb_damage_id)) missing += ", no DAMAGE: every frame is compared";
  if (!display.has_extension(xcb_shm_id)) missing += ", no MIT-SHM: slower copies";
  return "display " + name + " can be recorded: " + std::to_string(display.width()) + "x" + std::to_string(display.height()) +
         missing;
}

// Connects and waits for one picture, as a recording would.
Result<std::string> check_camera(const std::string& address) {
  const Fd signals = TRY(stop_signals());
  const SystemClock clock;
  const auto camera = TRY(CameraRecorder::open({address, 0}, signals, clock));
  return "camera " + shown_address(address) + " can be recorded: " + std::to_string(camera->width()) + "x" +
         std::to_string(camera->height());
}

Result<int> run_check(const std::string& display, const std::string& input, bool json) {
  if (display.empty() == input.empty()) return fail(ErrorKind::usage, "check: give either --display :N or --input URL");
  const std::string text = TRY(input.empty() ? check_display(display) : check_camera(input));
  std::cout << (json ? print(Json{{"ok", true}, {"text", text}}) : text) << std::endl;
  return 0;
}

}  // namespace

CommandRun add_check_command(CLI::App& command) {
  struct Options {
    std::string display, input;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  command.add_option("--display", options->display, "X display, e.g. :0");
  command.add_option("--input", options->input, "camera: rtsp://…, http://… (MJPEG), v4l2:///dev/videoN, or a video file");
  command.add_flag("--json", options->json, "one JSON object");
  return [options] { return run_check(options->display, options->input, options->json); };
}

}  // namespace netsampler::capture
