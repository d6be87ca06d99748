// netsampler-crawl visit URL --out DIR: one page, headless, archived into a directory; its facts on stdout.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>

#include "crawler/browser_run.h"
#include "crawler/command.h"
#include "crawler/page_archive.h"
#include "evidence/base/file_system.h"

namespace netsampler {
namespace {

constexpr std::int64_t kMargin_us = 15'000'000;  // for the browser to start, beyond the time the page is given

struct VisitOptions {
  std::string url, out;
  BrowserOptions browser;
  int timeout_s = 30;
  bool json = false;
};

// A directory that is gone when this is.
class TemporaryDirectory {
 public:
  static Result<TemporaryDirectory> make() {
    std::error_code error;
    std::string path = (std::filesystem::temp_directory_path(error) / "netsampler-visit-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) return fail_errno("temporary directory " + path);
    return TemporaryDirectory(path);
  }
  TemporaryDirectory(TemporaryDirectory&& other) noexcept : path_(std::exchange(other.path_, "")) {}
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code error;
    if (!path_.empty()) std::filesystem::remove_all(path_, error);
  }
  const std::string& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// What the loop waits for: a page that stood still (one that only led elsewhere is left), or a reason why there is none.
struct Outcome {
  std::optional<PageArchive> page;
  std::string refused;
};

SessionHooks hooks_into(Outcome& outcome) {
  SessionHooks hooks;
  hooks.page = [&outcome](PageArchive page) {
    if (page.ended != "left" && !outcome.page) outcome.page = std::move(page);
  };
  hooks.finding = [](const std::string&, const std::string&, const Json&) {};
  hooks.download = [](const Download&) {};
  hooks.ready = [] {};
  hooks.refused = [&outcome](const std::string& text) { outcome.refused = text; };
  return hooks;
}

Result<PageArchive> wait_for_page(BrowserRun& run, const Outcome& outcome, const VisitOptions& options, const Clock& clock,
                                  const Fd& signals) {
  const std::int64_t until_us = clock.boot_us() + options.timeout_s * 1'000'000LL + kMargin_us;
  while (!outcome.page && outcome.refused.empty()) {
    if (stop_requested(signals)) return fail(ErrorKind::unavailable, "stopped before the page was there");
    if (clock.boot_us() > until_us)
      return fail(ErrorKind::unavailable, "no page at " + options.url + " within " + std::to_string(options.timeout_s) + " s");
    TRY(run.step(50, signals.get()));
    const std::string words = run.last_words();
    if (run.state() != BrowserState::running && !outcome.page)
      return fail(ErrorKind::unavailable, "the browser ended before the page was there" + (words.empty() ? "" : ": " + words));
  }
  if (!outcome.page) return fail(ErrorKind::unavailable, outcome.refused);
  if (!outcome.page->failure.empty())
    return fail(ErrorKind::unavailable, "no page at " + options.url + ": " + outcome.page->failure);
  return *outcome.page;
}

Result<void> write_archive(const VisitOptions& options, const PageArchive& page) {
  RealFileSystem disk;
  TRY_WITH(disk.make_directories(options.out), "--out");
  for (const ArchiveFile& file : TRY(archive_files(page, std::string("netsampler-crawl ") + kVersion)))
    TRY_WITH(write_whole(disk, options.out + "/" + file.name, file.bytes), "--out");
  return {};
}

void print_visit(const VisitOptions& options, const PageArchive& page) {
  const Facts facts = facts_of(page);
  Json report = facts_json(facts);
  report["url"] = page.url;
  report["status"] = page.status;
  if (options.json) {
    std::printf("%s\n", print(report).c_str());
    return;
  }
  std::printf("%s %s (HTTP %d): %s\n", facts.kind.c_str(), page.url.c_str(), page.status, options.out.c_str());
  for (const Fact& fact : facts.facts) std::printf("  %s: %s\n", fact.name.c_str(), fact.raw.c_str());
}

Result<int> visit(VisitOptions options) {
  if (!is_web_page(options.url))
    return fail(ErrorKind::invalid, "not an address of a page: " + options.url + " (give http://…, https://… or file://…)");
  const Fd signals = TRY(stop_signals());
  const TemporaryDirectory profile = TRY(TemporaryDirectory::make());
  options.browser.profile = profile.path();
  options.browser.window = {1280, 900, 0, 0};
  const SystemClock clock;
  Outcome outcome;
  const auto run = TRY(BrowserRun::start(options.browser, clock, {options.url, true, ""}, hooks_into(outcome)));
  const PageArchive page = TRY(wait_for_page(*run, outcome, options, clock, signals));
  TRY(write_archive(options, page));
  print_visit(options, page);
  return 0;
}

}  // namespace

CommandRun add_visit(CLI::App& app) {
  const auto options = std::make_shared<VisitOptions>();
  app.add_option("URL", options->url, "the page to open")->required();
  app.add_option("--out", options->out, "directory for page.warc.gz, page.json, dom.json and screenshot.png")->required();
  app.add_option("--browser", options->browser.browser, "Chromium, or a program that speaks its debugging pipe");
  app.add_option("--browser-flag", options->browser.flags, "a flag for the browser, e.g. --browser-flag=--no-sandbox")
      ->expected(1)
      ->take_all();
  app.add_option("--timeout", options->timeout_s, "seconds that the page is given")->check(CLI::Range(1, 600));
  app.add_flag("--json", options->json, "facts as one JSON object");
  return [options] { return visit(*options); };
}

}  // namespace netsampler
