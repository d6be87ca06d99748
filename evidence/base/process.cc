#include "evidence/base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace netsampler {
namespace {

// In the child: only calls that are safe after fork.
[[noreturn]] void become(const ProcessOptions& options, char* const* arguments, char* const* environment, int output) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  if (options.nice != 0) ::setpriority(PRIO_PROCESS, 0, options.nice);
  if (output >= 0) ::dup2(output, 1), ::dup2(output, 2);
  // First above every target, so that no mapping overwrites another's source.
  int sources[16];
  const std::size_t count = std::min<std::size_t>(options.descriptors.size(), 16);
  for (std::size_t i = 0; i < count; ++i) sources[i] = ::fcntl(options.descriptors[i].first, F_DUPFD_CLOEXEC, 64);
  for (std::size_t i = 0; i < count; ++i) ::dup2(sources[i], options.descriptors[i].second);
  ::execvpe(arguments[0], arguments, environment);
  ::_exit(127);
}

std::vector<std::string> merged_environment(const ProcessOptions& options) {
  std::vector<std::string> lines;
  for (char** line = environ; *line != nullptr; ++line) {
    const std::string text = *line;
    const std::string name = text.substr(0, text.find('='));
    const bool replaced = std::any_of(options.env.begin(), options.env.end(), [&](const auto& e) { return e.first == name; });
    if (!replaced) lines.push_back(text);
  }
  for (const auto& [name, value] : options.env) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers_to(std::vector<std::string>& lines) {
  std::vector<char*> pointers;
  for (auto& line : lines) pointers.push_back(line.data());
  pointers.push_back(nullptr);
  return pointers;
}

int code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

}  // namespace

void become_idle() {
  constexpr int kLowestPriority = 19;
  constexpr int kIoOfThisProcess = 1, kIoIdleClass = 3 << 13;  // linux/ioprio.h: IOPRIO_WHO_PROCESS, IOPRIO_CLASS_IDLE
  static_cast<void>(::setpriority(PRIO_PROCESS, 0, kLowestPriority));
  static_cast<void>(::syscall(SYS_ioprio_set, kIoOfThisProcess, 0, kIoIdleClass));
}

bool program_found(const std::string& program) {
  if (program.find('/') != std::string::npos) return ::access(program.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  std::string rest = path != nullptr ? path : "/usr/bin:/bin";
  while (!rest.empty()) {
    const auto colon = rest.find(':');
    if (::access((rest.substr(0, colon) + "/" + program).c_str(), X_OK) == 0) return true;
    rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
  }
  return false;
}

Result<Process> Process::start(const ProcessOptions& options) {
  if (!program_found(options.arguments.at(0))) return fail(ErrorKind::unavailable, "program not found: " + options.arguments[0]);
  Fd output;
  if (!options.output_file.empty()) {
    output = Fd(::open(options.output_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
    if (!output.valid()) return fail_errno("open " + options.output_file);
  }
  std::vector<std::string> arguments = options.arguments, environment = merged_environment(options);
  const auto argument_pointers = pointers_to(arguments), environment_pointers = pointers_to(environment);
  const pid_t pid = ::fork();
  if (pid < 0) return fail_errno("fork");
  if (pid == 0) become(options, argument_pointers.data(), environment_pointers.data(), output.get());
  ::setpgid(pid, pid);
  return Process(pid);
}

Process::~Process() {
  if (running()) stop(0);
}

bool Process::running() {
  if (pid_ < 0 || status_.has_value()) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  status_ = code_of(status);
  return false;
}

void Process::signal(int number) {
  if (running()) ::kill(pid_, number);
}

std::optional<int> Process::wait(int timeout_ms) {
  if (!running()) return status_;
  Fd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  pollfd ready{handle.get(), POLLIN, 0};
  while (::poll(&ready, 1, timeout_ms) < 0 && errno == EINTR) {
  }
  running();
  return status_;
}

int Process::stop(int timeout_ms) {
  signal(SIGTERM);
  if (timeout_ms > 0) wait(timeout_ms);
  if (running()) {
    ::kill(-pid_, SIGKILL);
    wait(-1);
  }
  return status_.value_or(-1);
}

Result<std::pair<Fd, Fd>> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_errno("pipe");
  return std::pair<Fd, Fd>(Fd(ends[0]), Fd(ends[1]));
}

Result<Outcome> run_program(ProcessOptions options, int timeout_ms, std::size_t limit_bytes) {
  auto ends = TRY(make_pipe());
  options.descriptors.emplace_back(ends.second.get(), 1);
  const std::string& name = options.arguments[0];
  Process process = TRY(Process::start(options));
  ends.second.reset();
  Outcome outcome;
  char part[65536];
  for (;;) {
    pollfd ready{ends.first.get(), POLLIN, 0};
    if (::poll(&ready, 1, timeout_ms) <= 0) return fail(ErrorKind::unavailable, name + ": no output in time");
    const ssize_t count = ::read(ends.first.get(), part, sizeof part);
    if (count <= 0) break;
    outcome.text.append(part, static_cast<std::size_t>(count));
    if (outcome.text.size() > limit_bytes) return fail(ErrorKind::full, name + ": more output than expected");
  }
  const std::optional<int> code = process.wait(timeout_ms);
  if (!code.has_value()) return fail(ErrorKind::unavailable, name + ": did not end in time");
  outcome.code = *code;
  return outcome;
}

Result<std::string> run_and_read(const std::vector<std::string>& arguments, int timeout_ms, std::size_t limit_bytes,
                                 ErrorOutput errors) {
  ProcessOptions options;
  options.arguments = arguments;
  const Fd nowhere(errors == ErrorOutput::dropped ? ::open("/dev/null", O_WRONLY | O_CLOEXEC) : -1);
  if (nowhere.valid()) options.descriptors.emplace_back(nowhere.get(), 2);
  Outcome outcome = TRY(run_program(std::move(options), timeout_ms, limit_bytes));
  if (outcome.code != 0) return fail(ErrorKind::io, arguments[0] + " ended with exit code " + std::to_string(outcome.code));
  return std::move(outcome.text);
}

}  // namespace netsampler
