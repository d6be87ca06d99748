#include "crawler/browser_process.h"

#include "evidence/base/file_system.h"

namespace netsampler {
namespace {

constexpr std::size_t kLogLimit = 4u << 20;

std::string pair_of(int a, int b) { return std::to_string(a) + "," + std::to_string(b); }

}  // namespace

std::vector<std::string> browser_arguments(const BrowserOptions& options) {
  std::vector<std::string> arguments = {options.browser,
                                        "--remote-debugging-pipe",
                                        "--user-data-dir=" + options.profile,
                                        "--disable-blink-features=AutomationControlled",
                                        "--no-first-run",
                                        "--no-default-browser-check",
                                        "--disable-background-networking",
                                        "--disable-component-update",
                                        "--disable-sync",
                                        "--disable-extensions",
                                        "--disable-breakpad",
                                        "--password-store=basic",
                                        "--lang=zh-CN",
                                        "--accept-lang=zh-CN,zh"};
  if (options.display.empty()) arguments.push_back("--headless=new");
  if (!options.display.empty()) arguments.push_back("--ozone-platform=x11");
  if (!options.display.empty()) arguments.push_back("--window-position=" + pair_of(options.window.x, options.window.y));
  if (options.window.width > 0) arguments.push_back("--window-size=" + pair_of(options.window.width, options.window.height));
  if (options.kiosk) arguments.push_back("--kiosk");
  arguments.insert(arguments.end(), options.flags.begin(), options.flags.end());
  arguments.push_back("about:blank");
  return arguments;
}

Result<BrowserProcess> BrowserProcess::start(const BrowserOptions& options) {
  RealFileSystem disk;
  TRY_WITH(disk.make_directories(options.profile), "browser profile " + options.profile);
  auto commands = TRY(make_pipe());
  auto answers = TRY(make_pipe());
  ProcessOptions process;
  process.arguments = browser_arguments(options);
  process.descriptors = {{commands.first.get(), 3}, {answers.second.get(), 4}};
  process.output_file = options.profile + "/browser.log";
  if (!options.display.empty()) process.env = {{"DISPLAY", options.display}};
  auto child = Process::start(process);
  if (!child.ok())
    return fail(ErrorKind::unavailable, "no browser: " + child.error().text + " (install chromium, or name it with --browser)");
  auto pipe = TRY(CdpPipe::over(std::move(commands.second), std::move(answers.first)));
  return BrowserProcess(std::move(pipe), child.take(), process.output_file);
}

std::string BrowserProcess::last_words() const {
  RealFileSystem disk;
  const auto log = disk.read(log_, kLogLimit);
  if (!log.ok()) return "";
  const std::string_view text = as_text(*log);
  const auto at = text.rfind("ERROR:");
  if (at == std::string_view::npos) return "";
  return std::string(text.substr(at, text.find('\n', at) - at)).substr(0, 300);
}

}  // namespace netsampler
