#include "crawler/browser_run.h"

namespace netsampler {
namespace {

constexpr int kExitWait_ms = 5000;
constexpr std::int64_t kLastLooks_us = 12'000'000, kClosing_us = 5'000'000;

}  // namespace

Result<std::unique_ptr<BrowserRun>> BrowserRun::start(const BrowserOptions& options, const Clock& clock, SessionOptions session,
                                                      SessionHooks hooks) {
  auto process = TRY(BrowserProcess::start(options));
  std::unique_ptr<BrowserRun> run(new BrowserRun(std::move(process), clock, std::move(session), std::move(hooks)));
  run->session_.start();
  return run;
}

void BrowserRun::ended() {
  const auto code = process_.process().wait(kExitWait_ms);
  state_ = code == 0 ? BrowserState::closed : BrowserState::lost;
  session_.gone();
}

Result<void> BrowserRun::step(int wait_ms, int wake) {
  if (state_ != BrowserState::running) return {};
  auto messages = process_.pipe().step(wait_ms, wake);
  if (!messages.ok() && messages.error().kind == ErrorKind::unavailable) {
    ended();
    return {};
  }
  if (!messages.ok()) return messages.error();
  for (const std::string& message : *messages) TRY(session_.take(message));
  session_.tick();
  return {};
}

Result<void> BrowserRun::close(const Clock& clock) {
  session_.close_pages();
  const std::int64_t looks_until_us = clock.boot_us() + kLastLooks_us;
  while (state_ == BrowserState::running && !session_.idle() && clock.boot_us() < looks_until_us) TRY(step(20, -1));
  session_.close_browser();
  const std::int64_t until_us = clock.boot_us() + kClosing_us;
  while (state_ == BrowserState::running && clock.boot_us() < until_us) TRY(step(20, -1));
  process_.process().stop(1000);
  return {};
}

}  // namespace netsampler
