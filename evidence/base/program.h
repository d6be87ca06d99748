// What every program's main does the same way: parse options (CLI11; its exit codes map to 64), run one function, print one
// error line ("netsampler-x: what: why (what to do)"), return the exit code. Also stop signals as a pollable descriptor.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "evidence/base/fd.h"
#include "evidence/base/result.h"

namespace netsampler {

inline constexpr const char* kVersion = "0.1.0";

// Sets name, --version; starts crypto and the log. `run` is called after a good parse; its int is the exit code.
// Give subcommands callbacks that set what `run` does, or look at app.got_subcommand in `run`.
int program_main(CLI::App& app, int argc, char** argv, const std::function<Result<int>()>& run);

// SIGTERM, SIGINT and SIGHUP blocked for the whole process and readable here instead. Call before the first thread.
// SIGPIPE is ignored.
Result<Fd> stop_signals();
bool stop_requested(const Fd& signals);  // true once one has arrived; does not block

// Directory of the running executable, e.g. "/x/build/release/bin".
std::string program_directory();

}  // namespace netsampler
