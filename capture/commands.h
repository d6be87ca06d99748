// The subcommands of netsampler-capture: each adds its options to its part of the command line and gives back what runs it
// after a good parse. One file each; the table is in main.cc.
#pragma once
#include <functional>

#include "evidence/base/program.h"

namespace netsampler::capture {

using CommandRun = std::function<Result<int>()>;

CommandRun add_screen_command(CLI::App& command);
CommandRun add_camera_command(CLI::App& command);
CommandRun add_check_command(CLI::App& command);
CommandRun add_clock_command(CLI::App& command);

}  // namespace netsampler::capture
