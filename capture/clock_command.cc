// netsampler-capture clock: measures the box's clock and tells the ledger, at once and then every 16 s, for as long as it runs.
#include <poll.h>

#include <iostream>
#include <memory>

#include "capture/clock/clock_witness.h"
#include "capture/commands.h"
#include "evidence/base/config.h"
#include "evidence/base/log.h"
#include "evidence/ledger/client.h"

namespace netsampler::capture {
namespace {

constexpr std::int64_t kInterval_us = 16'000'000;
constexpr std::int64_t kSoon_us = 1'000'000;  // while the ledger has not heard, or chronyd has just been started
constexpr int kSoonRounds = 30;               // so many hasty rounds, then patience

struct ClockOptions {
  std::string state, ledger;
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

Result<void> tell_ledger(std::optional<LedgerClient>& ledger, const std::string& socket, const Json& body) {
  if (!ledger.has_value()) ledger.emplace(TRY(LedgerClient::connect(socket)));
  auto told = ledger->clock(body);
  if (!told.ok()) ledger.reset();  // connect anew next time, whatever it was
  return told;
}

// True when it is time to stop.
bool wait_for_stop(const Fd& signals, std::int64_t wait_us) {
  pollfd wait{signals.get(), POLLIN, 0};
  return ::poll(&wait, 1, static_cast<int>(wait_us / 1000)) > 0;
}

Result<int> watch_clock(const ClockOptions& options, const ClockSettings& settings) {
  const Fd signals = TRY(stop_signals());
  const SystemClock clock;
  std::optional<LedgerClient> ledger;
  Complaint about_ledger("the ledger is back"), about_chronyd("chronyd answers");
  for (int hasty = 0;;) {
    const std::int64_t begun_us = clock.boot_us();
    const ClockMeasurement measurement = measure_clock(settings, clock, "during");
    about_chronyd.tell(measurement.trouble);
    const auto told = tell_ledger(ledger, options.ledger, measurement.body);
    about_ledger.tell(told.ok() ? "" : "the clock's record waits: " + told.error().text);
    const bool well = told.ok() && measurement.body["state"] != "unsynchronised";
    hasty = well ? 0 : std::min(hasty + 1, kSoonRounds + 1);
    const std::int64_t turn_us = well || hasty > kSoonRounds ? kInterval_us : kSoon_us;
    if (wait_for_stop(signals, std::max<std::int64_t>(0, turn_us - (clock.boot_us() - begun_us)))) return 0;
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

Result<int> measure_once(const ClockOptions& options, const ClockSettings& settings) {
  const SystemClock clock;
  const ClockMeasurement measurement = measure_clock(settings, clock, "during");
  if (!measurement.trouble.empty()) log(LogLevel::warning, measurement.trouble);
  if (!options.ledger.empty()) {
    std::optional<LedgerClient> ledger;
    TRY(tell_ledger(ledger, options.ledger, measurement.body));
  }
  std::cout << (options.json ? print(measurement.body) : line_for_people(measurement.body)) << std::endl;
  return 0;
}

Result<int> run_clock(const ClockOptions& options) {
  if (!options.once && options.ledger.empty()) return fail(ErrorKind::usage, "clock: --ledger or --once is needed");
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
  return [options] { return run_clock(*options); };
}

}  // namespace netsampler::capture
