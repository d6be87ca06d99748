// netsampler-capture clock: measures the box's clock and tells the ledger, at once, then every 16 s and whenever the clock is set,
// for as long as it runs.
#include <poll.h>

#include <iostream>
#include <memory>

#include "capture/clock/clock_alarm.h"
#include "capture/clock/clock_teller.h"
#include "capture/clock/clock_watch.h"
#include "capture/clock/clock_witness.h"
#include "capture/commands.h"
#include "evidence/base/config.h"
#include "evidence/base/log.h"

namespace netsampler::capture {
namespace {

constexpr int kInterval_s = 16;
constexpr std::int64_t kSoon_us = 1'000'000;  // while the ledger has not heard, or chronyd has just been started
constexpr int kSoonRounds = 30;               // so many hasty rounds, then patience
constexpr int kLastRound_ms = 1000;           // phase after: a recording's end waits for it

struct ClockOptions {
  std::string state, ledger, recording, phase = "during";
  int interval_s = kInterval_s;
  bool once = false, json = false;
};

// Says a trouble when it begins and when it is over, never in between.
class Complaint {
 public:
  explicit Complaint(std::string over) : over_(std::move(over)) {}
  void tell(const std::string& trouble) {
    if (trouble.empty() == last_.empty()) return;
    last_ = trouble;
    log(trouble.empty() ? LogLevel::info : LogLevel::warning, trouble.empty() ? over_ : trouble);
  }

 private:
  std::string over_, last_;
};

// True when it is time to stop; earlier than `wait_us` also where the clock was set.
bool wait_for_stop(const Fd& signals, ClockAlarm& alarm, std::int64_t wait_us) {
  pollfd waits[] = {{signals.get(), POLLIN, 0}, {alarm.fd(), POLLIN, 0}};
  ::poll(waits, 2, static_cast<int>(wait_us / 1000));
  if (waits[1].revents != 0 && alarm.was_set()) log(LogLevel::warning, "the system clock was set: measuring anew");
  return waits[0].revents != 0;
}

// One after the other; what they found is in the body.
class ClockRounds {
 public:
  ClockRounds(const ClockSettings& settings, const Clock& clock) : settings_(settings), clock_(clock) {}
  ClockMeasurement next() {
    ClockMeasurement measurement = measure_clock(settings_, clock_, "during");
    const ClockMove move = watch_.look(read_clocks());
    put_move(move, measurement.body);
    doubt_.settle(move, measurement.reference_time_us, measurement.body);
    if (move.step_us) log(LogLevel::warning, "the system clock was set by " + std::to_string(*move.step_us) + " us");
    return measurement;
  }

 private:
  const ClockSettings& settings_;
  const Clock& clock_;
  ClockWatch watch_;
  StepDoubt doubt_;
};

Result<int> watch_clock(const ClockOptions& options, const ClockSettings& settings) {
  const Fd signals = TRY(stop_signals());
  ClockAlarm alarm = TRY(ClockAlarm::open());
  const SystemClock clock;
  ClockRounds rounds(settings, clock);
  ClockTeller ledger(options.ledger);
  Complaint about_ledger("the ledger is back"), about_chronyd("chronyd answers");
  const std::int64_t interval_us = std::int64_t{options.interval_s} * 1'000'000;
  for (int hasty = 0;;) {
    const std::int64_t begun_us = clock.boot_us();
    const ClockMeasurement measurement = rounds.next();
    about_chronyd.tell(measurement.trouble);
    const auto told = ledger.tell(measurement.body, clock.boot_us());
    about_ledger.tell(told.ok() ? "" : "the clock's record waits: " + told.error().text);
    const bool well = told.ok() && measurement.body["state"] != "unsynchronised";
    hasty = well ? 0 : std::min(hasty + 1, kSoonRounds + 1);
    const std::int64_t turn_us = well || hasty > kSoonRounds ? interval_us : kSoon_us;
    if (wait_for_stop(signals, alarm, std::max<std::int64_t>(0, turn_us - (clock.boot_us() - begun_us)))) return 0;
  }
}

std::string line_for_people(const Json& body) {
  std::string text = string_or(body, "state", "") + ", offset " + std::to_string(int_or(body, "offset_us", 0)) + " us, error " +
                     std::to_string(int_or(body, "error_us", 0)) + " us";
  for (const auto& server : body["servers"])
    text += "; " + string_or(server, "server", "") + " " +
            (bool_or(server, "ok", false) ? std::to_string(int_or(server, "offset_us", 0)) + " us" : string_or(server, "why", ""));
  return text;
}

Result<void> tell_once(const ClockOptions& options, const Json& body) {
  if (options.ledger.empty()) return {};
  const SystemClock clock;
  ClockTeller ledger(options.ledger);
  return options.recording.empty() ? ledger.tell(body, clock.boot_us()) : ledger.tell_recording(options.recording, body, clock.boot_us());
}

Result<int> measure_once(const ClockOptions& options, ClockSettings settings) {
  const SystemClock clock;
  if (options.phase == "after") settings.timeout_ms = std::min(settings.timeout_ms, kLastRound_ms);
  const ClockMeasurement measurement = measure_clock(settings, clock, options.phase);
  if (!measurement.trouble.empty()) log(LogLevel::warning, measurement.trouble);
  TRY(tell_once(options, measurement.body));
  std::cout << (options.json ? print(measurement.body) : line_for_people(measurement.body)) << std::endl;
  return 0;
}

Result<int> run_clock(const ClockOptions& options) {
  if (!options.once && options.ledger.empty()) return fail(ErrorKind::usage, "clock: --ledger or --once is needed");
  if (!options.recording.empty() && (!options.once || options.ledger.empty()))
    return fail(ErrorKind::usage, "clock: --recording needs --once and --ledger");
  const RealFileSystem disk;
  const Config config = TRY(load_config(disk, StatePaths(options.state).config));
  const ClockSettings settings{config.time_servers, config.chronyd_socket};
  return options.once ? measure_once(options, settings) : watch_clock(options, settings);
}

}  // namespace

CommandRun add_clock_command(CLI::App& command) {
  auto options = std::make_shared<ClockOptions>();
  command.add_option("--state", options->state, "state directory: its netsampler.conf names servers and chronyd's socket")->required();
  command.add_option("--ledger", options->ledger, "the ledger's socket; without it only --once");
  command.add_flag("--once", options->once, "one measurement, printed");
  command.add_flag("--json", options->json, "with --once: the body of a clock record");
  command.add_option("--recording", options->recording, "with --once: into this recording's chain alone");
  command.add_option("--phase", options->phase, "with --once: before, during or after a recording")->check(CLI::IsMember({"before", "during", "after"}));
  command.add_option("--interval", options->interval_s, "seconds between two measurements")->check(CLI::Range(1, 60));
  return [options] { return run_clock(*options); };
}

}  // namespace netsampler::capture
