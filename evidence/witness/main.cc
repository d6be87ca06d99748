// netsampler-witness: any second machine can run it. It watches the logs of boxes and cosigns what only ever grows.
#include <fcntl.h>
#include <sys/file.h>

#include <iostream>

#include "evidence/base/json.h"
#include "evidence/base/log.h"
#include "evidence/base/program.h"
#include "evidence/witness/witness_server.h"

namespace netsampler::witness {
namespace {

struct Arguments {
  std::string directory, listen, name;
  std::vector<std::string> logs;
  bool show = false;
};

void declare(CLI::App& app, Arguments& arguments) {
  app.add_option("--dir", arguments.directory, "its key and what it has cosigned; keep a backup, never set it back")->required();
  app.add_option("--name", arguments.name, "its name in cosignatures and policies, e.g. witness.example.cn/w1")->required();
  app.add_option("--listen", arguments.listen, "ADDRESS:PORT");
  app.add_option("--log", arguments.logs, "a log to watch: a box's policy line or verifier key; may be given again")->check([](const std::string& text) {
    const auto log = parse_watched_log(text);
    return log.ok() ? std::string() : log.error().text;
  });
  app.add_flag("--show", arguments.show, "print its line for policies, and end");
}

void say(const Json& event) { std::cout << print(event) << std::endl; }

Result<void> check_name(const std::string& name) {
  for (const char c : name)
    if (c <= ' ' || c == '+' || c == '\x7f') return fail(ErrorKind::usage, "--name: no spaces, no +");
  return name.empty() ? Result<void>(fail(ErrorKind::usage, "--name is empty")) : Result<void>();
}

// One process a directory: two would cosign two histories.
Result<Fd> take_directory(const std::string& directory) {
  Fd lock(::open((directory + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.valid()) return fail_errno("opening " + directory + "/lock");
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return fail(ErrorKind::busy, directory + " is taken by another netsampler-witness");
  return lock;
}

WitnessAnswer told(WitnessAnswer answer) {
  if (answer.alarm.empty()) return answer;
  log(LogLevel::error, answer.alarm);
  say({{"event", "alarm"}, {"text", answer.alarm}});
  return answer;
}

Result<int> run(const Arguments& arguments) {
  TRY(check_name(arguments.name));
  RealFileSystem disk;
  const SystemClock clock;
  SigningKey key = TRY(witness_key(disk, arguments.directory));
  const std::string line = "witness " + arguments.name + " " + to_base64(key.public_key());
  if (arguments.show) {
    std::cout << line << std::endl;
    return 0;
  }
  if (arguments.listen.empty() || arguments.logs.empty()) return fail(ErrorKind::usage, "--listen and at least one --log are needed (or --show)");
  const Fd signals = TRY(stop_signals()), lock = TRY(take_directory(arguments.directory));
  std::vector<WatchedLog> logs;
  for (const auto& text : arguments.logs) logs.push_back(TRY(parse_watched_log(text)));
  Witness witness(disk, clock, arguments.directory, arguments.name, std::move(key), std::move(logs));
  TRY(witness.load());
  TRY(serve(arguments.listen, signals, [&witness](std::string_view request) { return told(witness.add_checkpoint(request)); },
            [&line](const std::string& url) { say({{"event", "ready"}, {"url", url}, {"policy", line}}); }));
  return 0;
}

}  // namespace
}  // namespace netsampler::witness

int main(int argc, char** argv) {
  CLI::App app("Witness of box logs / 设备日志见证", "netsampler-witness");
  netsampler::witness::Arguments arguments;
  netsampler::witness::declare(app, arguments);
  return netsampler::program_main(app, argc, argv, [&arguments] { return netsampler::witness::run(arguments); });
}
