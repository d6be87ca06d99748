// netsampler-verify: parse, read the policy, verify, print, exit. Deliberately without the log and everything above it: it
// runs on any machine with libc, libstdc++, OpenSSL and libsodium.
#include <malloc.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "evidence/base/clock.h"
#include "evidence/base/crypto.h"
#include "evidence/base/process.h"
#include "evidence/base/program.h"
#include "evidence/verify/at_time.h"
#include "evidence/verify/picture_helper.h"
#include "evidence/verify/verify.h"

namespace netsampler::verify {
namespace {

constexpr std::size_t kPolicyLimitBytes = 1u << 20;
constexpr std::size_t kMostOutside = 1000;
constexpr int kWorkMib = 26;  // of --memory: for all but the list of files

struct Arguments {
  std::string path, policy, language = "zh", only_case, at_time, helper;
  std::vector<std::string> witness;
  bool json = false, deep = false;
  int threads = 0, memory_mib = 64;
};

void declare(CLI::App& app, Arguments& arguments) {
  app.set_version_flag("--version", app.get_name() + " " + kVersion);
  app.add_option("PATH", arguments.path, "a package's directory, a recording, or a box's data directory")->required();
  CLI::Option* policy = app.add_option("--policy", arguments.policy, "the trust policy, from outside the package");
  app.add_option("--witness", arguments.witness, "a checkpoint or .tlog-proof of the box's log that somebody outside kept (repeatable)")
      ->needs(policy)
      ->allow_extra_args(false);
  app.add_option("--attime", arguments.at_time, "judge as of this time, not today: RFC 3339 or seconds since 1970");
  app.add_flag("--json", arguments.json, "one JSON object");
  app.add_option("--lang", arguments.language, "zh or en")->check(CLI::IsMember({"zh", "en"}));
  app.add_flag("--deep", arguments.deep, "check SM3 and the pictures as well");
  app.add_option("--helper", arguments.helper, "netsampler-pictures, where it does not lie beside this program");
  app.add_option("--jobs", arguments.threads, "threads that read and check (0: as many as the machine has, at most 16)")->check(CLI::Range(0, 1024));
  app.add_option("--memory", arguments.memory_mib, "mebibytes that it may take (64: some 200,000 files)")->check(CLI::Range(64, 4096));
  app.add_option("--case", arguments.only_case, "of a box's data: this case and its recordings only");
  app.footer("Exit codes: 0 INTACT, 1 PARTIAL, 2 BROKEN, 64 usage, 65 nothing to verify, 70 internal, 74 input/output");
}

Result<std::optional<Policy>> load_policy(const FileSystem& disk, const std::string& path) {
  if (path.empty()) return std::optional<Policy>();
  auto text = disk.read(path, kPolicyLimitBytes);
  if (!text.ok() && text.error().kind == ErrorKind::not_found) return fail(ErrorKind::invalid, "no such policy: " + path);
  if (!text.ok()) return std::move(text.error()).with("reading the policy");
  Policy policy = TRY_WITH(parse_policy(as_text(*text)), path);
  return std::optional<Policy>(std::move(policy));
}

Result<std::vector<Outside>> load_outside(const FileSystem& disk, const Arguments& arguments, const std::optional<Policy>& policy) {
  std::vector<Outside> list;
  if (arguments.witness.size() > kMostOutside) return fail(ErrorKind::usage, "--witness: at most 1000");
  for (const std::string& path : arguments.witness) {
    auto text = disk.read(path, kNoteBytes);
    const bool unusable = !text.ok() && (text.error().kind == ErrorKind::not_found || text.error().kind == ErrorKind::full);
    if (unusable) return fail(ErrorKind::invalid, "--witness: no such file, or longer than 64 KiB: " + path);
    if (!text.ok()) return std::move(text.error()).with("reading --witness");
    list.push_back(TRY_WITH(parse_outside(as_text(*text), path, *policy), "--witness"));
  }
  return list;
}

// Nobody where there is no helper: the report says so. One that was named must be there.
Result<std::unique_ptr<PictureReader>> find_pictures(const Arguments& arguments) {
  if (!arguments.deep) return std::unique_ptr<PictureReader>();
  if (!arguments.helper.empty() && !program_found(arguments.helper))
    return fail(ErrorKind::invalid, "no such program: " + arguments.helper + " (--helper names netsampler-pictures)");
  const std::string program = arguments.helper.empty() ? picture_helper_beside() : arguments.helper;
  if (program.empty()) return std::unique_ptr<PictureReader>();
  return picture_helper(program, arguments.path);
}

int threads_of(const Arguments& arguments) {
  const int all = static_cast<int>(std::thread::hardware_concurrency());
  return arguments.threads > 0 ? arguments.threads : std::max(all, 1);
}

Result<int> run(const Arguments& arguments) {
  const std::int64_t now_us = arguments.at_time.empty() ? SystemClock().utc_us() : TRY(parse_at_time(arguments.at_time));
  const RealFileSystem disk;
  const std::optional<Policy> policy = TRY(load_policy(disk, arguments.policy));
  const std::vector<Outside> outside = TRY(load_outside(disk, arguments, policy));
  const auto pictures = TRY(find_pictures(arguments));
  const std::size_t files_bytes = static_cast<std::size_t>(arguments.memory_mib - kWorkMib) << 20;
  const Options options{arguments.deep, now_us, outside, arguments.only_case, pictures.get(), files_bytes, threads_of(arguments)};
  const Report report = TRY(verify(disk, arguments.path, policy, options));
  const bool zh = arguments.language == "zh";
  const TextSink print = [](std::string_view text) { std::cout << text; };
  arguments.json ? report_json(report, zh, print) : report_text(report, zh, print);
  std::cout << (arguments.json ? "\n" : "") << std::flush;
  if (!std::cout) return fail(ErrorKind::io, "the report could not be written to standard output");
  return exit_code_of(report);
}

// 1 and 2 are verdicts: no error may end with them.
int error_code(ErrorKind kind) {
  const int code = netsampler::exit_code_of(kind);
  return code >= 64 ? code : netsampler::exit_code_of(ErrorKind::io);
}

int main_of(int argc, char** argv) {
  CLI::App app("Verifies recordings, cases and packages of netsampler / 核验网络抽样证据", "netsampler-verify");
  Arguments arguments;
  declare(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    std::cerr << "netsampler-verify: " << error.what() << " (see netsampler-verify --help)\n";
    return netsampler::exit_code_of(ErrorKind::usage);
  }
  const Result<int> outcome = run(arguments);
  if (outcome.ok()) return *outcome;
  std::cerr << "netsampler-verify: " << outcome.error().text << "\n";
  return error_code(outcome.error().kind);
}

}  // namespace
}  // namespace netsampler::verify

int main(int argc, char** argv) {
  mallopt(M_ARENA_MAX, 2);  // each thread's own would keep mebibytes that no other thread takes
  netsampler::crypto_start();
  return netsampler::verify::main_of(argc, argv);
}
