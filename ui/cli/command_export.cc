// netsampler export CASE --profile full|panel|seller|public --out DIR.
#include <iostream>
#include <memory>

#include "evidence/base/program.h"
#include "ui/cli/mask_options.h"

namespace netsampler {
namespace {

struct ExportOptions {
  std::string state, case_id, profile = "full", out, actor = "admin";
  std::int64_t stamp_wait_s = 180;
  MaskRules rules;
  bool json = false;
};

// Said at once, then every ten seconds: nobody should wonder why nothing happens.
WaitProgress waiting_of(bool json) {
  return [json](std::int64_t waited_s) {
    if (json) {
      std::cout << print(Json{{"event", "waiting"}, {"for", "time-stamp"}, {"waited_s", waited_s}}) << std::endl;
    } else if (waited_s % 10 == 0) {
      std::cerr << "等待可信时间戳 / waiting for the time stamp … " << waited_s << " s" << std::endl;
    }
  };
}

// A box that has no authority has nothing to wait for.
Result<std::int64_t> stamp_wait_ms(const FileSystem& disk, const StatePaths& paths, std::int64_t wait_s) {
  const Config config = TRY(load_config(disk, paths.config));
  return config.time_stamp_authorities.empty() ? 0 : wait_s * 1000;
}

void tell_trouble(const LogPlace& log) {
  if (log.trouble.empty()) return;
  std::cerr << "注意：" << (log.size == 0 ? "案件包不含设备日志" : "案件包末尾没有可信时间戳") << " / the package is "
            << (log.size == 0 ? "without the box log" : "not time-stamped to its end") << ": " << log.trouble
            << " (see netsampler doctor; export again later)" << std::endl;
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
  request.rules = options.rules;
  request.stamp_wait_ms = TRY(stamp_wait_ms(disk, paths, options.stamp_wait_s));
  const ExportedPackage package = TRY(export_case(disk, ledger, request, package_progress(options.json), waiting_of(options.json)));
  tell_trouble(package.log);
  if (options.json)
    std::cout << print(Json{{"bundle", package.path}, {"head", package.head}, {"files", package.files}, {"bytes", package.bytes},
                            {"log_size", package.log.size}, {"stamped", package.log.stamped}}) << "\n";
  else
    std::cout << package.path << "\n";
  return 0;
}

}  // namespace

void add_export(CommandPlace place) {
  auto options = std::make_shared<ExportOptions>();
  add_state_option(place.app, options->state);
  place.app.add_option("CASE", options->case_id)->required();
  place.app.add_option("--profile", options->profile, "full (everything), panel, seller, public (what is personal withheld)")
      ->check(CLI::IsMember({"full", "panel", "seller", "public"}));
  add_mask_options(place.app, options->rules);
  place.app.add_option("--out", options->out, "the package becomes a directory of the case's name in it")->required();
  place.app.add_option("--actor", options->actor, "account that exports; stands in the book");
  place.app.add_option("--stamp-wait", options->stamp_wait_s, "seconds to wait for a time stamp over the export itself; then without")
      ->check(CLI::Range(0, 3600));
  place.app.add_flag("--json", options->json, "progress events and a last JSON line");
  place.app.callback([options, &slot = place.run] { slot = [options] { return run_export(*options); }; });
}

}  // namespace netsampler
