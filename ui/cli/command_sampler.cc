// netsampler sampler add: an account of a sampling officer.
#include <iostream>
#include <memory>

#include "evidence/ledger/client.h"
#include "ui/cli/command.h"
#include "ui/cli/credentials.h"

namespace netsampler {
namespace {

struct SamplerOptions {
  std::string state, id, name, credentials;
};

Result<int> add(const SamplerOptions& options) {
  const Json logins = TRY(read_credentials({options.id}, options.credentials));
  LedgerClient ledger = TRY(LedgerClient::connect(StatePaths(options.state).ledger_socket));
  TRY(ledger.account_add(options.id, options.name, logins[0]["password"].get<std::string>()));
  std::cout << "已登记 / added: " << options.id << "\n";
  return 0;
}

}  // namespace

void add_sampler(CommandPlace place) {
  auto options = std::make_shared<SamplerOptions>();
  CLI::App* action = place.app.add_subcommand("add", "登记一名抽样人员 / add a sampling officer; asks for the password");
  add_state_option(*action, options->state);
  action->add_option("--id", options->id, "account, e.g. the enforcement certificate number")->required();
  action->add_option("--name", options->name, "name as it shall stand on the strip and on documents")->required();
  action->add_option("--credentials", options->credentials, "file (or - for stdin) with a line: id password; otherwise asked");
  action->callback([options, &slot = place.run] { slot = [options] { return add(*options); }; });
}

}  // namespace netsampler
