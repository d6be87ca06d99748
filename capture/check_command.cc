#include <iostream>
#include <memory>

#include "capture/camera/camera_address.h"
#include "capture/camera/camera_recorder.h"
#include "capture/commands.h"
#include "capture/display/x11.h"
#include "capture/media/real_time.h"
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

// Claims it as a recording would. A refusal is no error: a recording goes on without.
Result<int> run_real_time(bool json) {
  const std::string refused = claim_real_time();
  const std::string text = refused.empty() ? "real time granted: SCHED_RR, memory locked" : refused;
  std::cout << (json ? print(Json{{"ok", refused.empty()}, {"text", text}}) : text) << std::endl;
  return 0;
}

Result<int> run_check(const std::string& display, const std::string& input, bool json) {
  if (display.empty() == input.empty()) return fail(ErrorKind::usage, "check: give one of --display :N, --input URL, --real-time");
  const std::string text = TRY(input.empty() ? check_display(display) : check_camera(input));
  std::cout << (json ? print(Json{{"ok", true}, {"text", text}}) : text) << std::endl;
  return 0;
}

}  // namespace

CommandRun add_check_command(CLI::App& command) {
  struct Options {
    std::string display, input;
    bool real_time = false, json = false;
  };
  auto options = std::make_shared<Options>();
  command.add_option("--display", options->display, "X display, e.g. :0");
  command.add_option("--input", options->input, "camera: rtsp://…, http://… (MJPEG), v4l2:///dev/videoN, or a video file");
  command.add_flag("--real-time", options->real_time, "what the kernel grants a recording: SCHED_RR, locked memory");
  command.add_flag("--json", options->json, "one JSON object");
  return [options] { return options->real_time ? run_real_time(options->json) : run_check(options->display, options->input, options->json); };
}

}  // namespace netsampler::capture
