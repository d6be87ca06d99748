// A subcommand of netsampler-crawl: it adds its options to the parser and hands back what is run after a good parse; the
// value is the exit code. One file a subcommand, one line each in the table in main.cc.
#pragma once
#include <functional>

#include "evidence/base/program.h"

namespace netsampler {

using CommandRun = std::function<Result<int>()>;

CommandRun add_session(CLI::App& options);
CommandRun add_visit(CLI::App& options);
CommandRun add_extract(CLI::App& options);
CommandRun add_price(CLI::App& options);
CommandRun add_licence(CLI::App& options);

}  // namespace netsampler
