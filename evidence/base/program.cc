#include "evidence/base/program.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <iostream>

#include "evidence/base/crypto.h"
#include "evidence/base/log.h"

namespace netsampler {
namespace {

// No core dumps: a dump would write a recording's seeds to the disk.
void forbid_core_dumps() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

int parse_failure(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
  std::cerr << app.get_name() << ": " << error.what() << " (see " << app.get_name() << " --help)\n";
  return exit_code_of(ErrorKind::usage);
}

}  // namespace

int program_main(CLI::App& app, int argc, char** argv, const std::function<Result<int>()>& run) {
  forbid_core_dumps();
  crypto_start();
  bool verbose = false;
  app.set_version_flag("--version", app.get_name() + " " + kVersion);
  app.add_flag("--verbose", verbose, "log more on stderr");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parse_failure(app, error);
  }
  log_start(app.get_name(), verbose);
  const Result<int> outcome = run();
  if (outcome.ok()) return *outcome;
  std::cerr << app.get_name() << ": " << outcome.error().text << "\n";
  return exit_code_of(outcome.error().kind);
}

Result<Fd> stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
  if (::pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0) return fail(ErrorKind::internal, "blocking signals failed");
  std::signal(SIGPIPE, SIG_IGN);
  Fd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.valid()) return fail_errno("signal descriptor");
  return fd;
}

bool stop_requested(const Fd& signals) {
  pollfd wait{signals.get(), POLLIN, 0};
  return ::poll(&wait, 1, 0) > 0;  // never read: once stopped, it stays so
}

std::string program_directory() {
  char path[4096];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path);
  const std::string whole(path, size > 0 ? static_cast<std::size_t>(size) : 0);
  return whole.substr(0, whole.find_last_of('/'));
}

}  // namespace netsampler
