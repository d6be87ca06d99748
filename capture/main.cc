// netsampler-capture: the recorder. Screen, camera, the clock's witness, and whether they can start.
#include <vector>

#include "capture/commands.h"

namespace {

struct Row {
  const char* name;
  const char* help;
  netsampler::capture::CommandRun (*add)(CLI::App& command);
};

constexpr Row kCommands[] = {
    {"screen", "record an X display", netsampler::capture::add_screen_command},
    {"camera", "records a camera and reads the waybill in its picture", netsampler::capture::add_camera_command},
    {"check", "can it start? one line and an exit code", netsampler::capture::add_check_command},
    {"clock", "measures the clock for the ledger: chronyd's word and the time servers' own", netsampler::capture::add_clock_command},
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("netsampler-capture: records a screen or a camera into sealed segments", "netsampler-capture");
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, netsampler::capture::CommandRun>> commands;
  for (const Row& row : kCommands) {
    CLI::App* command = app.add_subcommand(row.name, row.help);
    commands.emplace_back(command, row.add(*command));
  }
  return netsampler::program_main(app, argc, argv, [&]() -> netsampler::Result<int> {
    for (const auto& [command, run] : commands)
      if (command->parsed()) return run();
    return netsampler::fail(netsampler::ErrorKind::usage, "no subcommand (see netsampler-capture --help)");
  });
}
