// netsampler key show|rotate.
#include <unistd.h>

#include <iostream>
#include <memory>

#include "evidence/base/clock.h"
#include "evidence/ledger/client.h"
#include "ui/cli/command.h"

namespace netsampler {
namespace {

struct KeyOptions {
  std::string state;
  bool json = false, yes = false;
};

void tell(const Json& shown, bool json) {
  if (json) {
    std::cout << print(shown) << "\n";
    return;
  }
  const bool sealed = string_or(shown, "kept", "") == "credential";
  std::cout << "设备密钥 / box key: " << string_or(shown, "box_key", "") << "\n  SHA-256 " << string_or(shown, "sha256", "") << "\n  "
            << (sealed ? "密封凭据 / sealed credential: " : "文件 / file: ") << string_or(shown, "path", "") << "\n";
  std::cout << "历史 / history\n";
  for (const Json& key : shown["history"]) {
    std::cout << "  " << string_or(key, "sha256", "").substr(0, 16) << "…  " << beijing_time(int_or(key, "from_us", 0)) << " – ";
    if (key.contains("until_us")) std::cout << beijing_time(int_or(key, "until_us", 0)) << "  " << (string_or(key, "why", "") == "lost" ? "遗失 / lost" : "更换 / rotated");
    std::cout << "\n";
  }
  std::cout << "信任策略行 / policy lines\n";
  for (const Json& line : shown["policy"]) std::cout << line.get<std::string>() << "\n";
}

Result<int> show(const KeyOptions& options) {
  LedgerClient ledger = TRY(LedgerClient::connect(StatePaths(options.state).ledger_socket));
  const Json shown = TRY(ledger.key_show());
  tell(shown, options.json);
  return 0;
}

Result<void> confirm() {
  if (::isatty(STDIN_FILENO) == 0) return fail(ErrorKind::usage, "the key is changed after a yes on a terminal (or give --yes)");
  std::cerr << "更换设备密钥？旧私钥将被销毁，此后核验须有新的信任策略行。\n"
               "Change the box key? The old private key is destroyed; those who verify need the new policy line. yes/no: ";
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "yes" || answer == "是") return {};
  return fail(ErrorKind::denied, "the key was not changed");
}

Result<int> rotate(const KeyOptions& options) {
  LedgerClient ledger = TRY(LedgerClient::connect(StatePaths(options.state).ledger_socket));
  if (!options.yes) TRY(confirm());
  const Json shown = TRY(ledger.key_rotate());
  tell(shown, options.json);
  return 0;
}

}  // namespace

void add_key(CommandPlace place) {
  auto options = std::make_shared<KeyOptions>();
  add_action(place, options, "show", "显示设备密钥、历史和信任策略行 / the box key, where it is kept, its history, the policy lines", show);
  CLI::App* changed = add_action(place, options, "rotate", "更换设备密钥 / a new box key; old cases stay verifiable", rotate);
  changed->add_flag("--yes", options->yes, "do not ask");
}

}  // namespace netsampler
