// netsampler mask PACKAGE --out DIR: a package in which more is withheld, made from a package.
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "evidence/package/mask_package.h"
#include "ui/cli/mask_options.h"

namespace netsampler {
namespace {

struct MaskOptions {
  MaskRequest request;
  std::string state;
  bool json = false;
};

// "p", "./p/" and "/w/p" are one directory: --out must not lie in it.
Result<std::string> plain_path(const std::string& path) {
  std::error_code error;
  const auto plain = std::filesystem::weakly_canonical(path, error);
  if (error) return fail(ErrorKind::io, "reading " + path + ": " + error.message());
  return plain.string();
}

Result<int> run_mask(const MaskOptions& options) {
  RealFileSystem disk;
  MaskRequest request = options.request;
  request.package = TRY(plain_path(request.package));
  request.out_directory = TRY(plain_path(request.out_directory));
  request.software_version = kVersion;
  std::optional<LedgerClient> ledger;
  if (!options.state.empty()) ledger = TRY(LedgerClient::connect(StatePaths(options.state).ledger_socket));
  const ExportedPackage package = TRY(mask_package(disk, ledger ? &*ledger : nullptr, request, package_progress(options.json)));
  if (!ledger)
    std::cerr << "注意：新案件包没有设备签名（核验结论为部分可证）；在设备上加 --state 可以签名 / the new package bears no signature of the box"
                 " (the verifier says PARTIAL); on the box, --state gives it one"
              << std::endl;
  if (options.json)
    std::cout << print(Json{{"bundle", package.path}, {"head", package.head}, {"files", package.files}, {"bytes", package.bytes}, {"signed", ledger.has_value()}})
              << "\n";
  else
    std::cout << package.path << "\n";
  return 0;
}

}  // namespace

void add_mask(CommandPlace place) {
  auto options = std::make_shared<MaskOptions>();
  place.app.add_option("PACKAGE", options->request.package, "directory of the package")->required();
  place.app.add_option("--profile", options->request.profile, "what its table withholds, beside the rules: panel, seller, public")
      ->check(CLI::IsMember({"full", "panel", "seller", "public"}));
  add_mask_options(place.app, options->request.rules);
  place.app.add_option("--out", options->request.out_directory, "the new package becomes a directory of the case's name in it")->required();
  options->request.by = "admin";
  place.app.add_option("--actor", options->request.by, "account id of who masks; stands in withheld.jsonl");
  place.app.add_option("--state", options->state, "on the box that made the package: its state directory; recorded in the book, and signed");
  place.app.add_flag("--json", options->json, "progress events and a last JSON line");
  place.app.callback([options, &slot = place.run] { slot = [options] { return run_mask(*options); }; });
}

}  // namespace netsampler
