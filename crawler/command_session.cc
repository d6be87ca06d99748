// netsampler-crawl session: the officer's browser on a display, watched for one recording. Events as JSON lines on stdout.
#include <cstdio>
#include <filesystem>
#include <memory>

#include "crawler/browser_run.h"
#include "crawler/command.h"
#include "crawler/environment.h"
#include "crawler/page_recorder.h"

namespace netsampler {
namespace {

constexpr int kStrip_px = 36;  // the recorder's strip lies above the browser
constexpr std::int64_t kReady_us = 60'000'000;

struct CrawlOptions {
  std::string ledger, recording, start, window;
  BrowserOptions browser;
};

void tell(const Json& event) {
  std::printf("%s\n", print(event).c_str());
  std::fflush(stdout);
}

// "1280x684+0+36"
Result<Window> window_from(const std::string& text) {
  Window window;
  char end = 0;
  const int parts = std::sscanf(text.c_str(), "%dx%d+%d+%d%c", &window.width, &window.height, &window.x, &window.y, &end);
  if (parts != 4 || window.width < 1 || window.height < 1 || window.width > 32767 || window.height > 32767)
    return fail(ErrorKind::usage, "--window " + text + ": not of the form WIDTHxHEIGHT+X+Y");
  return window;
}

Result<Window> window_below_strip(const std::string& display) {
  const auto [width, height] = TRY(display_size(display));
  if (height <= kStrip_px) return fail(ErrorKind::unavailable, "display " + display + " is lower than the strip");
  return Window{width, height - kStrip_px, 0, kStrip_px};
}

// One officer's browser from start to end. Lives for one run of the program.
class Crawl {
 public:
  Crawl(CrawlOptions options, LedgerClient ledger, bool profile_new)
      : options_(std::move(options)),
        profile_new_(profile_new),
        recorder_(std::move(ledger), options_.recording, std::string("netsampler-crawl ") + kVersion,
                  [](std::int64_t number, const std::string& kind) {
                    tell({{"event", "page"}, {"no", number}, {"kind", kind}});
                  }) {}

  Result<int> run(const Fd& signals) {
    run_ = TRY(BrowserRun::start(options_.browser, clock_, {options_.start, false, downloads_directory()}, hooks()));
    const std::int64_t ready_until_us = clock_.boot_us() + kReady_us;
    while (run_->state() == BrowserState::running && recorder_.state().ok() && !stop_requested(signals)) {
      TRY(run_->step(50, signals.get()));
      if (!ready_ && clock_.boot_us() > ready_until_us) return fail(ErrorKind::unavailable, "the browser does not come up");
    }
    return end();
  }

 private:
  SessionHooks hooks() {
    SessionHooks hooks;
    hooks.page = [this](const PageArchive& page) { recorder_.page(page); };
    hooks.finding = [this](const std::string& code, const std::string& severity, const Json& more) { recorder_.finding(code, severity, more); };
    hooks.download = [this](const Download& download) { take_download(download); };
    hooks.ready = [this] { ready(); };
    hooks.refused = [](const std::string& text) { tell({{"event", "error"}, {"text", text}}); };
    return hooks;
  }

  std::string downloads_directory() const {
    std::error_code error;
    return (std::filesystem::absolute(options_.browser.profile, error) / "downloads").string();
  }

  // Recorded, it need not lie in the profile; what could not be recorded stays for a person to look at.
  void take_download(const Download& download) {
    RealFileSystem disk;
    recorder_.download(disk, download);
    const bool kept = recorder_.state().ok() && download.whole && download.bytes <= kDownloadLimit_bytes;
    if (const auto gone = kept ? disk.remove(download.path) : Result<void>(); !gone.ok())
      tell({{"event", "error"}, {"text", gone.error().text}});
  }

  void ready() {
    ready_ = true;
    const BrowserSession& session = run_->session();
    const auto extensions = static_cast<std::int64_t>(session.extensions().size());
    const RealFileSystem disk;
    recorder_.environment(environment_record(
        disk, options_.browser, {session.version(), extensions, session.devtools_seen(), profile_new_, run_->pid()}));
    if (recorder_.state().ok()) tell({{"event", "ready"}});
  }

  Result<int> end() {
    std::string reason = "stopped";
    if (run_->state() == BrowserState::running && recorder_.state().ok()) TRY(run_->close(clock_));
    else if (run_->state() == BrowserState::closed) reason = "browser-closed";
    else if (run_->state() == BrowserState::lost) reason = "browser-gone";
    if (reason == "browser-gone") recorder_.finding("browser-gone", "partial");
    if (run_->session().cut() > 0) recorder_.finding("page-bodies-cut", "partial", {{"count", run_->session().cut()}});
    TRY(recorder_.state());
    const CrawlCounts& counts = recorder_.counts();
    tell({{"event", "end"}, {"reason", reason}, {"pages", counts.pages}, {"facts", counts.facts},
          {"responses", counts.responses}, {"bytes", counts.bytes}});
    if (reason != "browser-gone") return 0;
    const std::string words = run_->last_words();
    return fail(ErrorKind::unavailable, (ready_ ? "the browser is gone" : "the browser ended before it was ready") +
                                            (words.empty() ? "" : ": " + words) + " (its log is browser.log in the profile)");
  }

  const CrawlOptions options_;
  const bool profile_new_;
  const SystemClock clock_;
  PageRecorder recorder_;
  std::unique_ptr<BrowserRun> run_;
  bool ready_ = false;
};

bool is_empty_directory(const std::string& path) {
  const RealFileSystem disk;
  const auto names = disk.list(path);
  return !names.ok() || names->empty();
}

Result<int> session(CrawlOptions options) {
  const Fd signals = TRY(stop_signals());
  options.browser.window = options.window.empty() ? TRY(window_below_strip(options.browser.display))
                                                  : TRY(window_from(options.window));
  auto ledger = TRY_WITH(LedgerClient::connect(options.ledger), "ledger");
  const bool profile_new = is_empty_directory(options.browser.profile);
  Crawl crawl(options, std::move(ledger), profile_new);
  const auto outcome = crawl.run(signals);
  if (!outcome.ok()) tell({{"event", "error"}, {"text", outcome.error().text}});
  return outcome;
}

}  // namespace

CommandRun add_session(CLI::App& app) {
  const auto options = std::make_shared<CrawlOptions>();
  app.add_option("--display", options->browser.display, "X display, e.g. :7")->required();
  app.add_option("--ledger", options->ledger, "the ledger's socket")->required();
  app.add_option("--recording", options->recording, "id of the open recording")->required();
  app.add_option("--profile", options->browser.profile, "the browser's own directory, new for each recording")->required();
  app.add_option("--browser", options->browser.browser, "Chromium, or a program that speaks its debugging pipe");
  app.add_option("--browser-flag", options->browser.flags, "a flag for the browser, e.g. --browser-flag=--no-sandbox")
      ->expected(1)
      ->take_all();
  app.add_option("--start", options->start, "address that the first tab opens");
  app.add_option("--window", options->window, "WIDTHxHEIGHT+X+Y; by default all of the display below the strip");
  app.add_flag("--kiosk", options->browser.kiosk, "no frame and no address bar");
  return [options] { return session(*options); };
}

}  // namespace netsampler
