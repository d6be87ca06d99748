// Child processes: started with an exact argument vector (never a shell), their descriptors given, killed with their group,
// reaped always. Signals blocked by us are unblocked in the child; the child dies with us (PR_SET_PDEATHSIG).
#pragma once
#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evidence/base/fd.h"

namespace netsampler {

struct ProcessOptions {
  std::vector<std::string> arguments;                      // [0] is looked up in PATH
  std::vector<std::pair<std::string, std::string>> env;    // added to or replacing ours
  std::vector<std::pair<int, int>> descriptors;            // {ours, number in the child}, e.g. {pipe, 3}
  std::string output_file;                                 // stdout and stderr appended here where they are not mapped above
  int nice = 0;
};

// This process gets disk and processor only when nobody else wants them. What the system refuses is passed over: it is a courtesy.
void become_idle();

bool program_found(const std::string& program);  // executable, by path or in PATH

class Process {
 public:
  static Result<Process> start(const ProcessOptions& options);
  Process() = default;
  Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)), status_(other.status_) {}
  Process& operator=(Process&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(status_, other.status_);
    return *this;
  }
  ~Process();  // SIGKILL to its group where it still runs
  pid_t pid() const { return pid_; }
  bool running();                           // reaps
  void signal(int number);                  // to the process alone
  // Waits; the exit code, or 128 + signal. Empty where it still runs after the wait.
  std::optional<int> wait(int timeout_ms);
  // SIGTERM, then after the wait SIGKILL to the whole group; the exit code.
  int stop(int timeout_ms);

 private:
  explicit Process(pid_t pid) : pid_(pid) {}
  pid_t pid_ = -1;
  std::optional<int> status_;
};

Result<std::pair<Fd, Fd>> make_pipe();  // {read end, write end}, close-on-exec

enum class ErrorOutput { ours, dropped };  // where a child's stderr goes

struct Outcome {
  int code = -1;     // or 128 + signal
  std::string text;  // stdout
};
// Runs to its end whatever its exit code; `options` must not map stdout. Silence beyond the wait is `unavailable`, more text `full`.
Result<Outcome> run_program(ProcessOptions options, int timeout_ms, std::size_t limit_bytes);

// Runs to its end and gives stdout; a non-zero exit is an `io` error naming it.
Result<std::string> run_and_read(const std::vector<std::string>& arguments, int timeout_ms, std::size_t limit_bytes = 1u << 20,
                                 ErrorOutput errors = ErrorOutput::ours);

}  // namespace netsampler
