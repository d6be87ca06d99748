#include "ui/supervisor/supervisor.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "evidence/base/log.h"
#include "evidence/base/program.h"
#include "ui/supervisor/console_child.h"

namespace netsampler {
namespace {
constexpr int kRestartLimit = 5;                     // in a row, each having lived less than a minute
constexpr std::int64_t kSettledUs = 60'000'000;
constexpr int kClockTries = 80;                      // × 100 ms
constexpr int kLedgerTries = 100;                    // × 100 ms; recovery of a large box says so in its log
}  // namespace

Result<Supervisor> Supervisor::start(const SupervisorOptions& options) {
  RealFileSystem disk;
  const StatePaths paths(std::filesystem::absolute(options.state).lexically_normal().string());
  for (const auto& directory : {paths.root, paths.run, paths.logs}) TRY(disk.make_directories(directory));
  Config config = TRY(load_config(disk, paths.config));
  RecordingSettings recording = TRY(load_recording_settings(disk, paths.config));
  IpcServer server = TRY(IpcServer::listen(paths.control_socket));
  Supervisor supervisor({paths, std::move(config), program_directory(), std::move(recording)}, std::move(server), options.display);
  TRY(supervisor.start_ledger());
  TRY(supervisor.add_child("clock", {supervisor.world_.programs + "/netsampler-capture", "clock", "--state", paths.root,
                                     "--ledger", paths.ledger_socket}));
  TRY(supervisor.start_stamp());
  TRY(supervisor.start_console(options.listen));
  TRY(supervisor.wait_for_clock());
  return supervisor;
}

Result<void> Supervisor::start_ledger() {
  TRY(add_child("ledger", {world_.programs + "/netsampler-ledger", "--state", world_.paths.root}));
  Error last = fail(ErrorKind::unavailable, "the ledger does not answer");
  for (int i = 0; i < kLedgerTries; ++i) {
    auto ledger = LedgerClient::connect(world_.paths.ledger_socket);
    if (ledger.ok()) return {};
    last = std::move(ledger.error());
    if (children_.back().process.wait(100).has_value())
      return fail(ErrorKind::io, "the ledger ended at its start; the last lines of " + world_.paths.logs + "/ledger.log say why");
  }
  return last;
}

// Ready means: a recording can start. Without time servers the box comes up all the same and says so.
Result<void> Supervisor::wait_for_clock() {
  LedgerClient ledger = TRY(LedgerClient::connect(world_.paths.ledger_socket));
  for (int i = 0; i < kClockTries; ++i) {
    const Json status = TRY(ledger.status());
    if (string_or(status["clock"], "state", "") == "synchronised") return {};
    ::poll(nullptr, 0, 100);
  }
  log(LogLevel::warning, "the clock is not synchronised yet; recordings are refused until it is (netsampler doctor says more)");
  return {};
}

// Only where somebody is named who could stamp: without authorities the program would have nothing to do.
Result<void> Supervisor::start_stamp() {
  if (world_.config.time_stamp_authorities.empty()) return {};
  return add_child("stamp", {world_.programs + "/netsampler-stamp", "--state", world_.paths.root});
}

Result<void> Supervisor::start_console(const std::string& listen) {
  const ConsolePlan plan = TRY(plan_console(world_, listen));
  console_ = plan.address;
  TRY(add_child("console", plan.console_arguments));
  return add_child("nginx", plan.nginx_arguments);
}

Result<void> Supervisor::launch(Child& child) {
  ProcessOptions options;
  options.arguments = child.arguments;
  options.output_file = world_.paths.logs + "/" + child.name + ".log";
  child.started_us = clock_.boot_us();
  child.process = TRY_WITH(Process::start(options), child.name);
  return {};
}

Result<void> Supervisor::add_child(const std::string& name, std::vector<std::string> arguments) {
  Child child;
  child.name = name;
  child.arguments = std::move(arguments);
  TRY(launch(child));
  children_.push_back(std::move(child));
  return {};
}

void Supervisor::restart_the_dead() {
  for (auto& child : children_) {
    if (child.given_up || child.process.running()) continue;
    const bool settled = clock_.boot_us() - child.started_us > kSettledUs;
    child.restarts = settled ? 1 : child.restarts + 1;
    if (child.restarts > kRestartLimit) {
      child.given_up = true;
      log(LogLevel::error, child.name + " keeps dying; given up (see logs/" + child.name + ".log)");
      continue;
    }
    log(LogLevel::warning, child.name + " died; started again");
    if (const auto started = launch(child); !started.ok()) log(LogLevel::error, started.error().text);
  }
}

Result<void> Supervisor::run(const Fd& signals) {
  while (!stop_requested(signals)) {
    TRY(server_.step(100, [&](const IpcPeer&, IpcMessage request) { return answer(request.body); }));
    for (auto& session : sessions_) session.step(world_, clock_.boot_us());
    restart_the_dead();
  }
  stop_all();
  return {};
}

void Supervisor::stop_all() {
  for (auto& session : sessions_)
    if (!session.over()) session.stop("failed", {}, clock_.boot_us());
  const auto all_over = [&] { return std::all_of(sessions_.begin(), sessions_.end(), [](auto& s) { return s.over(); }); };
  while (!all_over()) {  // bounded: a session gives up after 30 s
    for (auto& session : sessions_) session.step(world_, clock_.boot_us());
    const auto handler = [&](const IpcPeer&, IpcMessage) -> Result<IpcMessage> { return fail(ErrorKind::unavailable, "stopping"); };
    if (!server_.step(50, handler).ok()) break;
  }
  for (auto child = children_.rbegin(); child != children_.rend(); ++child) child->process.stop(10'000);
}

}  // namespace netsampler
