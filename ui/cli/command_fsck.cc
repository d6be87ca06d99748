// netsampler fsck: every evidence file of the box is read and compared with what the chains say of it, slowly; what is found is recorded.
#include <poll.h>
#include <unistd.h>

#include <iostream>
#include <memory>

#include "evidence/base/process.h"
#include "evidence/base/program.h"
#include "evidence/fsck/fsck.h"
#include "evidence/ledger/client.h"
#include "ui/cli/command.h"

namespace netsampler {
namespace {

struct FsckOptions {
  std::string state;
  std::vector<std::string> cases;
  double rate_mb_per_s = 20;
  std::int64_t minutes = 0;
  bool json = false;
};

// Held until a stop signal or the end of the minutes it was given: then `busy`, and the round goes on next time.
HoldUp hold_up_of(const Fd& signals, const Clock& clock, std::int64_t minutes) {
  const std::int64_t end_us = clock.boot_us() + minutes * 60'000'000;
  return [&signals, &clock, minutes, end_us](int wait_ms) -> Result<void> {
    pollfd wait{signals.get(), POLLIN, 0};
    const bool stopped = ::poll(&wait, 1, wait_ms) > 0;
    if (stopped || (minutes > 0 && clock.boot_us() > end_us)) return fail(ErrorKind::busy, "stopped");
    return {};
  };
}

FsckProgress progress_of(bool json) {
  auto told = std::make_shared<std::int64_t>(-1);
  return [json, told](std::int64_t done_bytes, std::int64_t total_bytes) {
    const std::int64_t percent = total_bytes > 0 ? std::min<std::int64_t>(done_bytes * 100 / total_bytes, 100) : 100;
    if (percent == *told) return;
    *told = percent;
    if (json)
      std::cout << print(Json{{"event", "progress"}, {"percent", percent}}) << std::endl;
    else if (::isatty(STDERR_FILENO) == 1)
      std::cerr << "\r核对 / checking " << percent << " %" << (percent == 100 ? "\n" : "") << std::flush;
  };
}

std::string place_of(const Damage& damage) {
  if (!damage.recording.empty()) return "recordings/" + damage.recording + "/" + damage.path;
  return damage.book.empty() ? damage.path : "cases/" + damage.book + "/" + damage.path;
}

void tell(const FsckOutcome& outcome, bool json) {
  Json damages = Json::array();
  for (const auto& damage : outcome.damages) {
    damages.push_back({{"path", place_of(damage)}, {"found", damage.found}});
    if (!json) std::cout << "损坏 / damaged: " << place_of(damage) << " (" << damage.found << ")\n";
  }
  if (json) {
    std::cout << print(Json{{"whole", outcome.whole}, {"files", outcome.files}, {"bytes", outcome.bytes}, {"findings", outcome.damaged},
                            {"recorded", outcome.recorded}, {"damaged", damages}}) << "\n";
    return;
  }
  std::cout << (outcome.whole ? "已核对全部文件 / all checked: " : "未完，下次继续 / not finished, goes on next time: ") << outcome.files << " files, "
            << outcome.bytes << " bytes, " << outcome.damaged << " damaged\n";
}

// Exit 1 means damage here: what keeps the check from its work must not look like it.
Error own_code(Error error) {
  if (exit_code_of(error.kind) == 1) error.kind = error.kind == ErrorKind::not_found ? ErrorKind::invalid : ErrorKind::io;
  return error;
}

Result<int> run_fsck(const FsckOptions& options) {
  const StatePaths paths(options.state);
  RealFileSystem disk;
  const SystemClock clock;
  const Fd signals = TRY(stop_signals());
  auto ledger = LedgerClient::connect(paths.ledger_socket);
  if (!ledger.ok()) return own_code(std::move(ledger.error()).with("what is found could not be recorded"));
  become_idle();
  FsckOrder order;
  order.data_root = paths.data;
  order.position = paths.run + "/fsck.json";
  order.cases = options.cases;
  order.rate_bytes_per_s = static_cast<std::int64_t>(options.rate_mb_per_s * 1e6);
  order.software_version = kVersion;
  // A check takes hours: the ledger may have been restarted since the last word with it.
  const AppendToBook append = [&](const std::string& book, const std::string& type, const Json& body) -> Result<void> {
    auto told = ledger->book_append(book, type, "box", body);
    if (!told.ok() && told.error().kind == ErrorKind::unavailable) {
      ledger = LedgerClient::connect(paths.ledger_socket);
      if (!ledger.ok()) return ledger.error();
      told = ledger->book_append(book, type, "box", body);
    }
    if (!told.ok()) return told.error();
    return {};
  };
  const auto outcome = fsck(disk, disk, order, clock, hold_up_of(signals, clock, options.minutes), append, progress_of(options.json));
  if (!outcome.ok()) return own_code(outcome.error());
  tell(*outcome, options.json);
  return outcome->damaged == 0 ? 0 : 1;
}

}  // namespace

void add_fsck(CommandPlace place) {
  auto options = std::make_shared<FsckOptions>();
  add_state_option(place.app, options->state);
  place.app.add_option("--rate", options->rate_mb_per_s, "MB/s to read at most (default 20)")->check(CLI::Range(0.01, 10000.0));
  place.app.add_option("--case", options->cases, "only this case and its recordings (may be given again)");
  place.app.add_option("--minutes", options->minutes, "stop after so long; the next run goes on there (default: to the end)")
      ->check(CLI::Range(0, 100000));
  place.app.add_flag("--json", options->json, "progress events and a last JSON line");
  place.app.footer("Exit codes: 0 all well, 1 damage found, 64 usage, 65 no such case or box, 74 input/output or no ledger");
  place.app.callback([options, &slot = place.run] { slot = [options] { return run_fsck(*options); }; });
}

}  // namespace netsampler
