// netsampler export CASE --profile full|panel|seller --out DIR.
#include <unistd.h>

#include <iostream>
#include <memory>

#include "evidence/base/program.h"
#include "evidence/package/package.h"
#include "ui/cli/command.h"

namespace netsampler {
namespace {

struct ExportOptions {
  std::string state, case_id, profile = "full", out, actor = "admin";
  bool json = false;
};

// A bar on a terminal, events with --json, silence in a pipe; at most one for each percent.
ExportProgress progress_of(bool json) {
  auto told = std::make_shared<std::int64_t>(-1);
  return [json, told](std::int64_t done_bytes, std::int64_t total_bytes) {
    const std::int64_t percent = total_bytes > 0 ? done_bytes * 100 / total_bytes : 100;
    if (percent == *told) return;
    *told = percent;
    if (json)
      std::cout << print(Json{{"event", "progress"}, {"percent", percent}}) << std::endl;
    else if (::isatty(STDERR_FILENO) == 1)
      std::cerr << "\r导出 / exporting " << percent << " %" << (percent == 100 ? "\n" : "") << std::flush;
  };
}

Result<int> run_export(const ExportOptions& options) {
  const StatePaths paths(options.state);
  RealFileSystem disk;
  LedgerClient ledger = TRY(LedgerClient::connect(paths.ledger_socket));
  ExportRequest request;
  request.data_root = paths.data;
  request.case_id = options.case_id;
  request.profile = options.profile;
  request.actor = options.actor;
  request.out_directory = options.out;
  request.software_version = kVersion;
  const ExportedPackage package = TRY(export_case(disk, ledger, request, progress_of(options.json)));
  if (options.json)
    std::cout << print(Json{{"bundle", package.path}, {"head", package.head}, {"files", package.files}, {"bytes", package.bytes}}) << "\n";
  else
    std::cout << package.path << "\n";
  return 0;
}

}  // namespace

void add_export(CommandPlace place) {
  auto options = std::make_shared<ExportOptions>();
  add_state_option(place.app, options->state);
  place.app.add_option("CASE", options->case_id)->required();
  place.app.add_option("--profile", options->profile, "full (everything), panel, seller (personal members withheld)")
      ->check(CLI::IsMember({"full", "panel", "seller"}));
  place.app.add_option("--out", options->out, "the package becomes a directory of the case's name in it")->required();
  place.app.add_option("--actor", options->actor, "account that exports; stands in the book");
  place.app.add_flag("--json", options->json, "progress events and a last JSON line");
  place.app.callback([options, &slot = place.run] { slot = [options] { return run_export(*options); }; });
}

}  // namespace netsampler
