#include <memory>
#include <optional>

#include "capture/commands.h"
#include "capture/media/real_time.h"
#include "capture/media/target.h"
#include "capture/screen/screen_recorder.h"
#include "evidence/base/log.h"

namespace netsampler::capture {
namespace {

constexpr double kPreparationS = 4;

struct Options {
  ScreenSettings screen;
  Target target;
  bool no_strip = false;
  std::optional<double> preparation_s;  // not given: kPreparationS with a ledger, none without
};

Result<int> run(const Options& options) {
  TRY(check_target(options.target, options.screen.seconds));
  const Fd signals = TRY(stop_signals());
  const EventPrinter printer = printer_of(options.target);
  RealFileSystem disk;
  const SystemClock clock;
  const auto sink = TRY(open_sink(options.target, disk, clock, printer, options.screen.strip_text.backlog));
  const auto recorder = TRY(ScreenRecorder::open(options.screen, clock));
  if (!recorder->notice().empty()) log(LogLevel::warning, recorder->notice());
  if (const std::string refused = claim_real_time(); !refused.empty()) log(LogLevel::warning, refused);
  Summary summary;
  const Result<void> outcome = recorder->run(*sink, signals, printer, summary);
  if (!outcome.ok()) printer({{"event", "error"}, {"text", outcome.error().text}});
  tell_summary(options.target, summary);
  if (outcome.ok()) return 0;
  if (options.screen.strip) show_ended(options.screen.display, options.screen.strip_text, outcome.error(), signals, clock);
  return outcome.error();
}

}  // namespace

CommandRun add_screen_command(CLI::App& command) {
  auto options = std::make_shared<Options>();
  StripSettings& strip = options->screen.strip_text;
  command.add_option("--display", options->screen.display, "X display, e.g. :0")->required();
  command.add_option("--out", options->target.out, "directory for init.mp4 and the segments (without a ledger)");
  command.add_option("--seconds", options->screen.seconds, "how long; without it until SIGTERM")->check(CLI::Range(0.0, 86400.0));
  command.add_option("--ledger", options->target.ledger, "the ledger's socket");
  command.add_option("--recording", options->target.recording, "id of the open recording");
  command.add_option("--patience", options->target.patience_s, "seconds to wait for a ledger that is gone, then the recording ends")->check(CLI::Range(1.0, 300.0));
  command.add_option("--case", strip.case_id, "case number, shown on the strip");
  command.add_option("--samplers", strip.samplers, "samplers' names, shown on the strip");
  command.add_option("--preparation", options->preparation_s,
                     "seconds for which the page with clock, environment, box and case is shown at the start (4; with --out none unless given; 0: none)")->check(CLI::Range(0.0, 60.0));
  command.add_option("--fps", options->screen.frames_per_second, "most frames a second")->check(CLI::Range(1, 60));
  command.add_flag("--no-strip", options->no_strip, "show no strip, and do not miss it");
  command.add_flag("--json", options->target.json, "events and the summary as JSON lines");
  return [options]() -> Result<int> {
    options->screen.strip = !options->no_strip;
    options->screen.strip_text.ledger_socket = options->target.ledger;
    options->screen.strip_text.recording = options->target.recording;
    const double preparation_s = options->preparation_s.value_or(options->target.ledger.empty() ? 0 : kPreparationS);
    options->screen.strip_text.preparation_us = static_cast<std::int64_t>(preparation_s * 1e6);
    return run(*options);
  };
}

}  // namespace netsampler::capture
