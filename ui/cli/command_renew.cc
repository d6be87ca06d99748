// netsampler renew: a token over all that the box has stamped so far, before the certificates of the earlier ones end.
#include <iostream>
#include <memory>

#include "evidence/base/program.h"
#include "evidence/ledger/client.h"
#include "evidence/package/stamp_wait.h"
#include "ui/cli/command.h"

namespace netsampler {
namespace {

struct RenewOptions {
  std::string state;
  std::int64_t wait_s = 120;
  bool json = false;
};

Result<int> run_renew(const RenewOptions& options) {
  LedgerClient ledger = TRY(LedgerClient::connect(StatePaths(options.state).ledger_socket));
  const LogPlace place = TRY(take_log_place(ledger, options.wait_s * 1000, {}, true));
  if (options.json) std::cout << print(Json{{"log_size", place.size}, {"stamped", place.stamped}}) << "\n";
  if (!place.stamped)
    return fail(ErrorKind::unavailable, "no new time stamp: " + place.trouble + " (is netsampler-stamp running, and does an authority answer?)");
  if (!options.json) std::cout << "已续期 / renewed: " << place.size << "\n";
  return 0;
}

}  // namespace

void add_renew(CommandPlace place) {
  auto options = std::make_shared<RenewOptions>();
  add_state_option(place.app, options->state);
  place.app.add_option("--wait", options->wait_s, "seconds to wait for the new token")->check(CLI::Range(1, 3600));
  place.app.add_flag("--json", options->json, "one JSON line");
  place.app.callback([options, &slot = place.run] { slot = [options] { return run_renew(*options); }; });
}

}  // namespace netsampler
