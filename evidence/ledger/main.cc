// netsampler-ledger: the one program that writes evidence. Takes the state directory's lock, recovers, then answers requests.
#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <iostream>

#include "evidence/base/log.h"
#include "evidence/base/program.h"
#include "evidence/ledger/locked_memory.h"
#include "evidence/ledger/private_file.h"
#include "evidence/ledger/requests.h"

namespace netsampler {
namespace {

constexpr int kTurnMs = 250;

struct Options {
  std::string state;
  bool rebuild_index = false;
  bool replace_lost_key = false;
  bool json = false;
};

// Held until the process ends, also when it is killed.
Result<Fd> take_lock(const StatePaths& paths) {
  Fd lock(::open((paths.run + "/ledger.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.valid()) return fail_errno("open " + paths.run + "/ledger.lock");
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) return fail(ErrorKind::busy, "another ledger writes in " + paths.root + " (stop it first)");
  return fail_errno("lock " + paths.run + "/ledger.lock");
}

std::int64_t free_bytes_at(const std::string& path) {
  struct statvfs room {};
  if (::statvfs(path.c_str(), &room) != 0) return 0;
  return static_cast<std::int64_t>(room.f_bavail) * static_cast<std::int64_t>(room.f_frsize);
}

Result<int> rebuild(RealFileSystem& disk, const StatePaths& paths, bool json) {
  if (!exists(disk, paths.data)) return fail(ErrorKind::invalid, "no evidence in " + paths.root + " (give the right --state)");
  Index index = TRY(Index::open(disk, paths.index));
  const std::int64_t records = TRY(rebuild_index(disk, EvidenceRoots(paths.data), index));
  if (json)
    std::cout << print({{"records", records}}) << "\n";
  else
    std::cout << records << " records indexed\n";
  return 0;
}

// The service manager's directory of credentials, where the unit asked for one and there is one.
KeyKeeping key_keeping() {
  KeyKeeping keeping;
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  const std::string path = directory == nullptr ? "" : std::string(directory) + "/box.key";
  if (!path.empty() && ::access(path.c_str(), F_OK) == 0) keeping.credential = path;
  keeping.check_private = check_private_file;
  keeping.wipe = wipe_file;
  return keeping;
}

int tell_replaced(const Ledger& ledger, bool json) {
  const Json shown = ledger.key_show();
  if (json)
    std::cout << print(shown) << "\n";
  else
    std::cout << "The box has a new key; give its policy line to those who verify:\n" << shown["policy"].back().get<std::string>() << "\n";
  return 0;
}

// A misspelt account must not silently be left out.
Result<std::vector<uid_t>> uids_of(const std::vector<std::string>& accounts) {
  std::vector<uid_t> uids;
  for (const auto& account : accounts) {
    const passwd* known = ::getpwnam(account.c_str());
    if (known == nullptr) return fail(ErrorKind::invalid, "ledger_accounts: no account " + account + " on this machine (make it, or take it out)");
    uids.push_back(known->pw_uid);
  }
  return uids;
}

Result<int> serve(Ledger& ledger, const StatePaths& paths, const std::vector<uid_t>& allowed, const Fd& signals) {
  IpcServer server = TRY(IpcServer::listen(paths.ledger_socket, allowed));
  std::cout << print({{"event", "ready"}, {"socket", paths.ledger_socket}}) << std::endl;
  Turn turn(ledger);
  const auto handler = [&turn](const IpcPeer&, IpcMessage request) { return turn.take(std::move(request)); };
  const auto settle = [&turn](std::vector<Result<IpcMessage>>& replies) { turn.settle(replies); };
  while (!stop_requested(signals)) {
    TRY(server.step(kTurnMs, handler, settle));
    ledger.tick();
  }
  ledger.stop();
  return 0;
}

Result<int> run(const Options& options) {
  ::umask(0027);  // the index holds opened personal values
  RealFileSystem disk;
  const StatePaths paths(options.state);
  const Config config = TRY(load_config(disk, paths.config));
  const auto allowed = TRY(uids_of(config.ledger_accounts));
  for (const auto& directory : {paths.root, paths.run, paths.logs}) TRY_WITH(disk.make_directories(directory), "state directory");
  const Fd lock = TRY(take_lock(paths));
  if (options.rebuild_index) return rebuild(disk, paths, options.json);
  const Fd signals = TRY(stop_signals());
  SystemClock clock;
  LedgerWorld world{disk, clock, [&paths] { return free_bytes_at(paths.data); }, kernel_time, kVersion, key_keeping(), check_locked_memory()};
  const auto ledger = TRY(Ledger::start(std::move(world), paths, config, options.replace_lost_key));
  if (options.replace_lost_key) return tell_replaced(*ledger, options.json);
  return serve(*ledger, paths, allowed, signals);
}

}  // namespace
}  // namespace netsampler

int main(int argc, char** argv) {
  CLI::App app("The single writer of evidence: recordings, case books, accounts", "netsampler-ledger");
  netsampler::Options options;
  app.add_option("--state", options.state, "the state directory (made where absent)")->required();
  app.add_flag("--rebuild-index", options.rebuild_index, "make index.sqlite anew from data/, then end; the ledger must not be running");
  app.add_flag("--replace-lost-key", options.replace_lost_key,
               "keys/box.key is gone and has no backup: make a new key, say so in the books for ever, then end");
  app.add_flag("--json", options.json, "print the outcome as JSON");
  return netsampler::program_main(app, argc, argv, [&] { return netsampler::run(options); });
}
