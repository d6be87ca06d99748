// netsampler-capture camera: a recording of one camera, to the ledger or into a directory.
#include <algorithm>
#include <memory>

#include "capture/camera/camera_recorder.h"
#include "capture/commands.h"
#include "capture/media/real_time.h"
#include "capture/media/target.h"
#include "evidence/base/log.h"

namespace netsampler::capture {
namespace {

struct Options {
  CameraSettings camera;
  Target target;
};

// No hyphen: camera-2 is what follows camera when its format changes.
std::string is_camera_name(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
  return plain && !name.empty() && name.size() <= 24 ? "" : "wants 1 to 24 letters a-z and digits, not " + name;
}

Result<int> run(const Options& options) {
  TRY(check_target(options.target, options.camera.seconds));
  const Fd signals = TRY(stop_signals());
  const EventPrinter printer = printer_of(options.target);
  const SystemClock clock;
  RealFileSystem disk;
  const auto sink = TRY(open_sink(options.target, disk, clock, printer, std::make_shared<Backlog>()));
  const auto recorder = TRY(CameraRecorder::open(options.camera, signals, clock));
  if (const std::string refused = claim_real_time(); !refused.empty()) log(LogLevel::warning, refused);
  Summary summary;
  const Result<void> outcome = recorder->run(*sink, signals, printer, summary);
  if (!outcome.ok()) printer({{"event", "error"}, {"text", outcome.error().text}});
  tell_summary(options.target, summary);
  if (!outcome.ok()) return outcome.error();
  return 0;
}

}  // namespace

CommandRun add_camera_command(CLI::App& command) {
  auto options = std::make_shared<Options>();
  command.add_option("--input", options->camera.address, "rtsp://…, http://… (MJPEG), v4l2:///dev/videoN, or a video file")->required();
  command.add_option("--transport", options->camera.transport, "RTSP over tcp, udp, or auto: tcp, then udp / RTSP 传输方式（rtsp+udp://… 亦可）")->check(CLI::IsMember({"tcp", "udp", "auto"}));
  command.add_option("--source", options->camera.source, "its name in the recording: letters a–z and digits; a second camera needs another / 画面名称，同时录制多个摄像头时须各不相同")->check(is_camera_name);
  command.add_option("--out", options->target.out, "directory for init.mp4 and the segments (without a ledger)");
  command.add_option("--seconds", options->camera.seconds, "how long; without it until SIGTERM")->check(CLI::Range(0.0, 86400.0));
  command.add_option("--ledger", options->target.ledger, "the ledger's socket");
  command.add_option("--recording", options->target.recording, "id of the open recording");
  command.add_option("--patience", options->target.patience_s, "seconds to wait for a ledger that is gone, then the recording ends")->check(CLI::Range(1.0, 300.0));
  command.add_flag("--json", options->target.json, "events and the summary as JSON lines");
  return [options] { return run(*options); };
}

}  // namespace netsampler::capture
