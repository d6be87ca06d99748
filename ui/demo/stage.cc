#include "ui/demo/stage.h"

#include <cstdio>
#include <filesystem>
#include <iostream>

#include "evidence/base/file_system.h"
#include "evidence/base/program.h"

namespace netsampler {
namespace {
constexpr int kEndMs = 30'000;  // netsampler up seals what is open
}

void Progress::line(const std::string& text) {
  char clock[32];
  std::snprintf(clock, sizeof clock, "[%4llds] ", static_cast<long long>((clock_.boot_us() - begun_us_) / 1'000'000));
  std::cout << clock << text << std::endl;
}

void Progress::step(const std::string& zh, const std::string& en) {
  ++now_;
  line(std::to_string(now_) + "/" + std::to_string(steps_) + " " + zh + " / " + en);
}

void Progress::detail(const std::string& text) { line("      " + text); }

Stage::Stage(const DemoOptions& demo)
    : options(demo), paths(demo.out + "/box"), material(program_directory() + "/../share/demo"), logs(demo.out + "/logs"),
      progress(7) {}

Stage::~Stage() {
  while (!children.empty()) {
    children.back()->process().stop(kEndMs);
    children.pop_back();
  }
  std::error_code ignored;  // the time servers' directory of sockets; what stays of it harms nobody
  if (!time_directory.empty()) std::filesystem::remove_all(time_directory, ignored);
}

Result<LineChild*> Stage::start(const std::vector<std::string>& arguments, const std::string& log_name,
                                const std::vector<std::pair<std::string, std::string>>& env) {
  LineChild child = TRY_WITH(LineChild::start(arguments, logs + "/" + log_name + ".log", env), log_name);
  children.push_back(std::make_unique<LineChild>(std::move(child)));
  return children.back().get();
}

Result<Json> Stage::play(const std::string& script, std::vector<std::string> arguments, int ready_ms) {
  arguments.insert(arguments.begin(), {"/usr/bin/python3", material + "/" + script});
  const std::string name = script.substr(script.find('/') + 1);
  LineChild* child = TRY(start(arguments, name));
  return TRY_WITH(child->wait_event(ready_ms), name + " (see " + logs + "/" + name + ".log)");
}

Result<int> run_demo(const DemoOptions& options) {
  RealFileSystem disk;
  TRY_WITH(disk.make_directories(options.out + "/logs"), "--out");
  Stage stage(options);
  stage.progress.step("准备显示器", "display");
  TRY(raise_display(stage));
  stage.progress.step("启动一体机：账本、校时、控制台", "the box: ledger, clock, console");
  TRY(raise_box(stage));
  TRY(buy(stage));
  TRY(unbox(stage));
  return deliver(stage);
}

}  // namespace netsampler
