#include "capture/strip/strip.h"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "capture/media/run.h"
#include "capture/strip/marker.h"
#include "capture/strip/preparation.h"
#include "evidence/base/crypto.h"
#include "evidence/base/file_system.h"
#include "evidence/base/program.h"

namespace netsampler::capture {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kRaiseUs = 100'000;  // at most ten raises a second, should another window fight for the top

constexpr std::int64_t kEndedShownUs = 5'000'000;

std::string ended_text(const Error& why) {
  switch (why.kind) {
    case ErrorKind::full: return "磁盘空间不足 no room (" + why.text + ")";
    case ErrorKind::unavailable: return "封存程序无应答 ledger gone (" + why.text + ")";
    default: return why.text;
  }
}

}  // namespace

Result<std::string> software_sha256() {
  constexpr std::size_t kLimitBytes = 512U << 20;
  Fd program(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  if (!program.valid()) return fail_errno("open the running program");
  const Bytes bytes = TRY(read_all(program.get(), kLimitBytes));
  return hex_of(sha256(bytes));
}

Strip::Strip(std::unique_ptr<StripWindows> windows, StripSettings settings, const Clock& clock, const Stop& stop)
    : windows_(std::move(windows)),
      settings_(std::move(settings)),
      clock_(clock),
      stop_(stop),
      status_(settings_.ledger_socket, settings_.recording) {}

Result<std::unique_ptr<Strip>> Strip::open(XDisplay display, const StripSettings& settings, const Clock& clock, const Stop& stop) {
  auto windows = TRY(StripWindows::open(std::move(display)));
  auto strip = std::unique_ptr<Strip>(new Strip(std::move(windows), settings, clock, stop));
  strip->software_sha256_ = TRY(software_sha256());
  TRY(strip->redraw());
  return strip;
}

StripText Strip::text() const {
  StripText text{clock_.utc_us(), settings_.case_id, settings_.samplers, box_, "", settings_.backlog->seconds, settings_.backlog->bytes};
  if (settings_.ledger_socket.empty()) text.box.segments = sealed_.load() ? 1 : 0;
  return text;
}

Result<void> Strip::redraw() {
  TRY(windows_->ask(stop_.flag()));
  box_ = status_.poll();
  const Painting painting = TRY(paint_strip(windows_->width(), text()));
  return windows_->show_strip(painting);
}

// Stays until its time is over: it takes no key, and whatever comes before it is below it again at the next redraw.
Result<void> Strip::step_preparation(const std::function<void(Note)>& note) {
  if (prepared_ || settings_.preparation_us <= 0 || !began_.load()) return {};
  if (preparing_from_us_ && clock_.boot_us() - *preparing_from_us_ >= settings_.preparation_us)
    end_preparation(note);
  else
    TRY(show_preparation());
  return {};
}

Result<void> Strip::show_preparation() {
  const Preparation preparation{text(), settings_.recording, kVersion, software_sha256_};
  const Painting painting = TRY(paint_page(windows_->width(), windows_->height() - kStripHeight, kPreparationTitle,
                                           preparation_sections(preparation), box_.beacon_modules));
  TRY(windows_->show_preparation(painting));
  if (!preparing_from_us_) preparing_from_us_ = clock_.boot_us();
  return {};
}

void Strip::end_preparation(const std::function<void(Note)>& note) {
  if (prepared_ || !preparing_from_us_) return;
  windows_->hide_preparation();
  prepared_ = true;
  note({"chapter", {{"item", "39-1"}, {"source", "screen"}, {"from_us", *preparing_from_us_}, {"to_us", clock_.boot_us()}}, Json::object()});
}

Result<void> Strip::run(const std::function<void(Note)>& note) {
  Result<void> outcome;
  while (outcome.ok() && !stop_.asked()) outcome = turn(note);
  end_preparation(note);
  return outcome;
}

Result<void> Strip::turn(const std::function<void(Note)>& note) {
  TRY(redraw());
  TRY(step_preparation(note));
  // A turn begins just behind the full second, so that the second shown is the one that runs; the preparation ends when its time is over.
  const std::int64_t now_us = clock_.boot_us(), into_second_us = clock_.utc_us() % kSecondUs;
  const bool soon = !began_.load();
  std::int64_t until_us = now_us + (soon ? kRaiseUs : kSecondUs - into_second_us + 2'000);
  if (preparing_from_us_ && !prepared_) until_us = std::min(until_us, *preparing_from_us_ + settings_.preparation_us);
  return wait_until(until_us);
}

Result<void> Strip::wait_until(std::int64_t until_us) {
  std::int64_t raised_us = 0;
  bool covered = false;
  for (std::int64_t now_us = clock_.boot_us(); now_us < until_us && !stop_.asked(); now_us = clock_.boot_us()) {
    const StripWindows::Seen seen = TRY(windows_->take_events());
    if (seen.resized) return {};  // painted anew at once
    covered = covered || seen.covered;
    if (covered && now_us - raised_us >= kRaiseUs) {
      windows_->raise();
      raised_us = now_us;
      covered = false;
    }
    const std::int64_t wake_us = covered ? std::min(until_us, raised_us + kRaiseUs) : until_us;
    pollfd waits[2] = {{stop_.wake_fd(), POLLIN, 0}, {windows_->display_fd(), POLLIN, 0}};
    const int wait_ms = static_cast<int>((wake_us - now_us + 999) / 1000);
    if (::poll(waits, 2, wait_ms) < 0 && errno != EINTR) return fail_errno("poll");
  }
  return {};
}

void show_ended(const std::string& display, const StripSettings& settings, const Error& why, const Fd& signals, const Clock& clock) {
  auto shown = XDisplay::open(display);
  if (!shown.ok()) return;
  const auto windows = StripWindows::open(shown.take());
  if (!windows.ok()) return;
  const auto painting = paint_strip((*windows)->width(), {clock.utc_us(), settings.case_id, settings.samplers, {}, ended_text(why), 0, 0});
  if (!painting.ok() || !(*windows)->show_strip(*painting).ok()) return;
  const auto stop = Stop::make();
  Pulse pulse;
  if (stop.ok()) static_cast<void>(wait_for_end(signals, **stop, clock, clock.boot_us(), kEndedShownUs / 1e6, pulse));
}

}  // namespace netsampler::capture
