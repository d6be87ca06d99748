// What `export` and `mask` have in common on the command line.
#pragma once
#include "evidence/package/package.h"
#include "ui/cli/command.h"

namespace netsampler {

// --field, --file, --from-us, --to-us, --reason.
void add_mask_options(CLI::App& app, MaskRules& rules);
// A bar on a terminal, events with --json, silence in a pipe; at most one for each percent.
ExportProgress package_progress(bool json);

}  // namespace netsampler
