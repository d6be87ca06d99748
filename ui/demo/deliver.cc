// Export and verification as an officer does them: the same two programs, the policy that was written before the recording.
#include <iostream>

#include "evidence/base/file_system.h"
#include "evidence/base/program.h"
#include "ui/demo/stage.h"

namespace netsampler {
namespace {

constexpr int kExportMs = 240'000, kVerifyMs = 120'000;
constexpr std::size_t kReportLimit = 64u << 20;

// The verifier's exit code is its verdict, so none of them is a failure here.
Result<std::string> verify_package(const Stage& stage, const std::vector<std::string>& arguments) {
  ProcessOptions options;
  options.arguments = {program_directory() + "/netsampler-verify"};
  options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
  options.output_file = stage.logs + "/verify.log";
  Outcome outcome = TRY(run_program(std::move(options), kVerifyMs, kReportLimit));
  return std::move(outcome.text);
}

Result<std::string> export_package(Stage& stage) {
  const std::string text = TRY(run_and_read({program_directory() + "/netsampler", "export", stage.case_id, "--state", stage.paths.root,
                                             "--profile", "full", "--out", stage.options.out + "/package", "--json"},
                                            kExportMs));
  // Progress events come first; the last line names the package.
  const auto end = text.find_last_not_of('\n');
  const auto begin = text.find_last_of('\n', end);
  const Json last = TRY(parse_any(std::string_view(text).substr(begin == std::string::npos ? 0 : begin + 1)));
  return get_string(last, "bundle");
}

void tell_findings(Stage& stage, const Json& report) {
  if (!report.contains("findings")) return;
  for (const auto& finding : report["findings"])
    stage.progress.detail(string_or(finding, "severity", "") + " " + string_or(finding, "code", "") + " " +
                          string_or(finding, "where", "") + ": " + string_or(finding, "text", ""));
}

Result<void> keep_open(Stage& stage) {
  const Fd signals = TRY(stop_signals());
  LineChild& up = *stage.box;
  while (!stop_requested(signals) && up.process().running()) up.process().wait(500);
  return {};
}

void last_words(const Stage& stage, const std::string& bundle, const Json& report) {
  const std::string verdict = string_or(report, "verdict", "?");
  std::cout << "\n案件包 / package   " << bundle << "\n结论 / verdict     " << verdict << "\n复核 / verify again "
            << program_directory() << "/netsampler-verify --policy " << stage.options.out << "/policy.txt " << bundle << "\n";
  if (stage.options.keep)
    std::cout << "控制台 / console    " << stage.console << "  (cq-0001 / " << stage.passwords[0] << ")  Ctrl-C 结束 / ends it\n";
  else
    std::cout << "控制台 / console    ./run --keep 保持其运行 / leaves it running\n";
  std::cout << std::flush;
}

}  // namespace

Result<int> deliver(Stage& stage) {
  stage.progress.step("导出案件包", "export");
  const std::string bundle = TRY_WITH(export_package(stage), "export");
  stage.progress.detail(bundle);
  stage.progress.step("独立校验", "verify");
  const std::string policy = stage.options.out + "/policy.txt";
  const std::string answer = TRY(verify_package(stage, {"--policy", policy, "--json", bundle}));
  const Json report = TRY_WITH(parse_any(answer), "the verifier's report (see " + stage.logs + "/verify.log)");
  const std::string words = TRY(verify_package(stage, {"--policy", policy, "--lang", "zh", bundle}));
  RealFileSystem disk;
  TRY(write_whole(disk, stage.options.out + "/report.json", as_bytes(print(report, 2))));
  TRY(write_whole(disk, stage.options.out + "/report-zh.txt", as_bytes(words)));
  tell_findings(stage, report);
  last_words(stage, bundle, report);
  std::cout << print(Json{{"case", stage.case_id},
                          {"bundle", bundle},
                          {"policy", policy},
                          {"verdict", string_or(report, "verdict", "")},
                          {"console", stage.console}})
            << std::endl;
  if (stage.options.keep) TRY(keep_open(stage));
  return string_or(report, "verdict", "") == "INTACT" ? 0 : 1;
}

}  // namespace netsampler
