// netsampler-capture camera: a recording of one camera, to the ledger or into a directory.
#include <iostream>
#include <memory>

#include "capture/camera/camera_recorder.h"
#include "capture/commands.h"
#include "capture/media/events.h"

namespace netsampler::capture {
namespace {

struct Options {
  CameraSettings camera;
  std::string out, ledger, recording;
  bool json = false;
};

Result<void> check(const Options& options) {
  if (options.ledger.empty() == options.out.empty())
    return fail(ErrorKind::usage, "give either --out DIR --seconds S, or --ledger SOCK --recording ID");
  if (options.ledger.empty() && options.camera.seconds <= 0)
    return fail(ErrorKind::usage, "--out needs --seconds (more than 0)");
  if (!options.ledger.empty() && options.recording.empty()) return fail(ErrorKind::usage, "--ledger needs --recording ID");
  return {};
}

Result<std::unique_ptr<SegmentSink>> open_sink(const Options& options, FileSystem& disk, const EventPrinter& printer) {
  if (!options.ledger.empty()) return open_ledger_sink(options.ledger, options.recording, printer);
  return open_directory_sink(disk, options.out);
}

std::string words_of(const Summary& summary) {
  return std::to_string(summary.frames_encoded) + " frames in " + std::to_string(summary.segments) + " segments, " +
         std::to_string(summary.frames_dropped) + " dropped, " + std::to_string(summary.bytes) + " bytes";
}

Result<int> run(const Options& options) {
  TRY(check(options));
  const Fd signals = TRY(stop_signals());
  const bool events = options.json || options.out.empty();
  const EventPrinter printer = events ? EventPrinter(print_event) : EventPrinter([](const Json&) {});
  const SystemClock clock;
  RealFileSystem disk;
  const auto sink = TRY(open_sink(options, disk, printer));
  const auto recorder = TRY(CameraRecorder::open(options.camera, signals, clock));
  Summary summary;
  const Result<void> outcome = recorder->run(*sink, signals, printer, summary);
  if (!outcome.ok()) printer({{"event", "error"}, {"text", outcome.error().text}});
  if (events)
    print_event(json_of(summary));
  else
    std::cout << words_of(summary) << std::endl;
  if (!outcome.ok()) return outcome.error();
  return 0;
}

}  // namespace

CommandRun add_camera_command(CLI::App& command) {
  auto options = std::make_shared<Options>();
  command.add_option("--input", options->camera.address, "rtsp://…, v4l2:///dev/videoN, or a video file")->required();
  command.add_option("--out", options->out, "directory for init.mp4 and the segments (without a ledger)");
  command.add_option("--seconds", options->camera.seconds, "how long; without it until SIGTERM")->check(CLI::Range(0.0, 86400.0));
  command.add_option("--ledger", options->ledger, "the ledger's socket");
  command.add_option("--recording", options->recording, "id of the open recording");
  command.add_flag("--json", options->json, "events and the summary as JSON lines");
  return [options] { return run(*options); };
}

}  // namespace netsampler::capture
