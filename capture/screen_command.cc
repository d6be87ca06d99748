#include <unistd.h>

#include <memory>

#include "capture/commands.h"
#include "capture/media/events.h"
#include "capture/screen/screen_recorder.h"
#include "evidence/base/log.h"

namespace netsampler::capture {
namespace {

struct Options {
  ScreenSettings screen;
  std::string out;
  bool no_strip = false, json = false;
};

Result<void> check(const Options& options) {
  const bool ledger = !options.screen.strip_text.ledger_socket.empty();
  if (ledger == !options.out.empty())
    return fail(ErrorKind::usage, "give either --out DIR --seconds S, or --ledger SOCK --recording ID");
  if (!ledger && options.screen.seconds <= 0) return fail(ErrorKind::usage, "--out needs --seconds (more than 0)");
  if (ledger && options.screen.strip_text.recording.empty()) return fail(ErrorKind::usage, "--ledger needs --recording ID");
  return {};
}

Result<std::unique_ptr<SegmentSink>> open_sink(const Options& options, FileSystem& disk, const EventPrinter& printer) {
  const StripSettings& strip = options.screen.strip_text;
  if (!strip.ledger_socket.empty()) return open_ledger_sink(strip.ledger_socket, strip.recording, printer);
  return open_directory_sink(disk, options.out);
}

std::string words_of(const Summary& summary) {
  return std::to_string(summary.frames_encoded) + " frames in " + std::to_string(summary.segments) + " segments, " +
         std::to_string(summary.frames_dropped) + " dropped, " + std::to_string(summary.bytes) + " bytes\n";
}

Result<int> run(const Options& options) {
  TRY(check(options));
  const Fd signals = TRY(stop_signals());
  const bool events = options.json || options.out.empty();
  const EventPrinter printer = events ? EventPrinter(print_event) : EventPrinter([](const Json&) {});
  RealFileSystem disk;
  const auto sink = TRY(open_sink(options, disk, printer));
  const SystemClock clock;
  const auto recorder = TRY(ScreenRecorder::open(options.screen, clock));
  if (!recorder->notice().empty()) log(LogLevel::warning, recorder->notice());
  Summary summary;
  const Result<void> outcome = recorder->run(*sink, signals, printer, summary);
  if (!outcome.ok()) printer({{"event", "error"}, {"text", outcome.error().text}});
  if (events)
    print_event(json_of(summary));
  else
    static_cast<void>(write_all(STDOUT_FILENO, as_bytes(words_of(summary))));
  if (outcome.ok()) return 0;
  if (options.screen.strip) show_ended(options.screen.display, options.screen.strip_text, outcome.error(), signals, clock);
  return outcome.error();
}

}  // namespace

CommandRun add_screen_command(CLI::App& command) {
  auto options = std::make_shared<Options>();
  StripSettings& strip = options->screen.strip_text;
  command.add_option("--display", options->screen.display, "X display, e.g. :0")->required();
  command.add_option("--out", options->out, "directory for init.mp4 and the segments (without a ledger)");
  command.add_option("--seconds", options->screen.seconds, "how long; without it until SIGTERM")->check(CLI::Range(0.0, 86400.0));
  command.add_option("--ledger", strip.ledger_socket, "the ledger's socket");
  command.add_option("--recording", strip.recording, "id of the open recording");
  command.add_option("--case", strip.case_id, "case number, shown on the strip");
  command.add_option("--samplers", strip.samplers, "samplers' names, shown on the strip");
  command.add_option("--fps", options->screen.frames_per_second, "most frames a second")->check(CLI::Range(1, 60));
  command.add_flag("--no-strip", options->no_strip, "show no strip, and do not miss it");
  command.add_flag("--json", options->json, "events and the summary as JSON lines");
  return [options]() -> Result<int> {
    options->screen.strip = !options->no_strip;
    return run(*options);
  };
}

}  // namespace netsampler::capture
