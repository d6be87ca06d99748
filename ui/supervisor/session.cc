#include "ui/supervisor/session.h"

#include <csignal>

#include "evidence/base/log.h"

namespace netsampler {
namespace {

constexpr std::int64_t kStartLimitUs = 30'000'000;  // display to first sealed segment; a slow camera needs 10 s
constexpr std::int64_t kStopLimitUs = 30'000'000;   // the last page's archive and the last segment
constexpr std::int64_t kLastLookUs = 2'000'000;     // the last measurement of the clock: a chain does not wait longer for it
constexpr int kCheckTimeoutMs = 15'000;

bool is_screen(const SessionPlan& plan) { return plan.camera.empty(); }

std::vector<std::string> input_arguments(const SessionPlan& plan) {
  if (is_screen(plan)) return {"--display", plan.display};
  return {"--input", plan.camera};
}

// The recorder's own word on display or camera, before a chain is opened for it.
Result<void> check_input(const SessionWorld& world, const SessionPlan& plan) {
  ProcessOptions options;
  options.arguments = {world.programs + "/netsampler-capture", "check"};
  for (auto& argument : input_arguments(plan)) options.arguments.push_back(argument);
  auto ends = TRY(make_pipe());
  options.descriptors = {{ends.second.get(), 1}, {ends.second.get(), 2}};
  Process check = TRY(Process::start(options));
  ends.second.reset();
  const auto code = check.wait(kCheckTimeoutMs);
  if (code == 0) return {};
  if (!code.has_value()) return fail(ErrorKind::unavailable, "display or camera does not answer within 15 s");
  const Bytes words = TRY(read_all(ends.first.get(), 65536));
  std::string text(as_text(words));
  text = text.substr(0, text.find('\n'));
  return fail(ErrorKind::unavailable, text.empty() ? "the recorder refuses display or camera" : text);
}

// 39(一): beyond the bound nothing is recorded, unless told to; then every record of it says for ever how wrong the clock may be.
Result<void> check_clock(const SessionWorld& world, LedgerClient& ledger, const SessionPlan& plan) {
  const Json status = TRY(ledger.status());
  const std::int64_t error_us = int_or(status["clock"], "error_us", 0);
  if (plan.accept_clock || error_us <= world.config.clock_limit_us) return {};
  return fail(ErrorKind::unavailable,
              "the clock is " + string_or(status["clock"], "state", "unsynchronised") + ", its error may reach " +
                  std::to_string(error_us / 1000) + " ms (limit " + std::to_string(world.config.clock_limit_us / 1000) +
                  " ms): check the time servers with netsampler doctor, or record all the same with --accept-clock");
}

const char* name_of(Session::Phase phase) {
  switch (phase) {
    case Session::Phase::starting: return "starting";
    case Session::Phase::recording: return "recording";
    case Session::Phase::stopping: return "stopping";
    case Session::Phase::ended: return "ended";
    case Session::Phase::failed: return "failed";
  }
  return "failed";
}

}  // namespace

Result<Session> Session::start(const SessionWorld& world, const SessionPlan& plan, std::int64_t now_us) {
  TRY(check_input(world, plan));
  if (is_screen(plan) && !program_found(world.config.browser))
    return fail(ErrorKind::unavailable, "no browser: " + world.config.browser + " is not there (apt-get install chromium, or set browser in netsampler.conf)");
  LedgerClient ledger = TRY(LedgerClient::connect(world.paths.ledger_socket));
  TRY(check_clock(world, ledger, plan));
  RecordingRequest request;
  request.kind = plan.kind;
  request.case_id = plan.case_id;
  request.display = is_screen(plan) ? plan.display : "";
  request.samplers = plan.samplers;
  const OpenedRecording opened = TRY(ledger.open(request));
  Session session;
  session.plan_ = plan;
  session.plan_.samplers.clear();  // passwords are not kept longer than needed
  session.recording_ = opened.recording;
  session.started_us_ = now_us;
  auto started = session.start_children(world);
  if (!started.ok()) {
    session.fail_with(world, started.error().text);
    return std::move(started.error());
  }
  return session;
}

// A measurement that fails is missed in the chain and told in the log: it stops no recording.
void Session::ask_time_servers(const SessionWorld& world, const char* phase) {
  ProcessOptions options;
  options.arguments = {world.programs + "/netsampler-capture", "clock",         "--once",      "--state",  world.paths.root, "--ledger",
                       world.paths.ledger_socket,              "--recording",   recording_,    "--phase",  phase};
  options.output_file = world.paths.logs + "/clock.log";
  auto started = Process::start(options);
  if (!started.ok()) return log(LogLevel::error, "measuring the clock (" + std::string(phase) + "): " + started.error().text);
  clock_ = started.take();
}

bool Session::clock_is_being_asked(std::int64_t now_us) { return now_us - stopping_us_ < kLastLookUs && clock_.running(); }

Result<void> Session::start_children(const SessionWorld& world) {
  ask_time_servers(world, "before");
  std::vector<std::string> recorder = {world.programs + "/netsampler-capture", is_screen(plan_) ? "screen" : "camera"};
  for (auto& argument : input_arguments(plan_)) recorder.push_back(argument);
  const std::vector<std::string> common = {"--ledger", world.paths.ledger_socket, "--recording", recording_};
  recorder.insert(recorder.end(), common.begin(), common.end());
  if (is_screen(plan_)) recorder.insert(recorder.end(), {"--case", plan_.case_id, "--samplers", plan_.sampler_names});
  recorder_ = TRY(LineChild::start(recorder, world.paths.logs + "/capture.log"));
  if (!is_screen(plan_)) return {};
  std::vector<std::string> browser = {world.programs + "/netsampler-crawl", "session", "--display", plan_.display,
                                      "--profile", world.paths.run + "/profile-" + recording_,
                                      "--browser", world.config.browser};
  browser.insert(browser.end(), common.begin(), common.end());
  for (const auto& flag : world.config.browser_flags) browser.push_back("--browser-flag=" + flag);
  if (!plan_.start_url.empty()) browser.insert(browser.end(), {"--start", plan_.start_url});
  browser_ = TRY(LineChild::start(browser, world.paths.logs + "/crawl.log"));
  has_browser_ = true;
  return {};
}

// The recorder went on in a new chain. The browser capture did not: its pages end with the old one, and the new one says so.
void Session::take_resumed(const SessionWorld& world, const std::string& heir) {
  log(LogLevel::warning, "recording " + chain() + " goes on as " + heir + " after the ledger's death");
  resumed_ = heir;
  if (!has_browser_) return;
  auto ledger = LedgerClient::connect(world.paths.ledger_socket);
  const auto told = ledger.ok() ? ledger->append(heir, "finding", {{"code", "pages-ended"}, {"severity", "partial"}}) : Result<Receipt>(ledger.error());
  if (!told.ok()) log(LogLevel::error, "telling that pages have ended: " + told.error().text);
}

void Session::take_events(const SessionWorld& world) {
  for (const auto& event : recorder_.events()) {
    const std::string what = string_or(event, "event", "");
    if (what == "sealed") ++sealed_;
    if (what == "resumed") take_resumed(world, string_or(event, "recording", ""));
    if (what == "error") error_ = string_or(event, "text", "");
  }
  if (!has_browser_) return;
  for (const auto& event : browser_.events()) {
    const std::string what = string_or(event, "event", "");
    if (what == "page") ++pages_;
    if (what == "error") browser_error_ = string_or(event, "text", "");
  }
}

void Session::step(const SessionWorld& world, std::int64_t now_us) {
  if (over()) return;
  take_events(world);
  const bool recorder_runs = recorder_.process().running();
  const bool browser_runs = has_browser_ && browser_.process().running();
  if (phase_ == Phase::stopping) {
    if (!last_look_) ask_time_servers(world, "after");
    last_look_ = true;
    // The browser ends first, so that the picture shows it to the last.
    if (!browser_runs && recorder_runs && !recorder_told_) {
      recorder_.process().signal(SIGTERM);
      recorder_told_ = true;
    }
    if (!browser_runs && !recorder_runs && !clock_is_being_asked(now_us)) return close_chain(world, stop_reason_);
    if (now_us - stopping_us_ > kStopLimitUs) return fail_with(world, "recorder or browser did not end within 30 s");
    return;
  }
  if (!recorder_runs) return fail_without_recorder(world);
  if (phase_ == Phase::starting && has_browser_ && !browser_runs)
    return fail_with(world, browser_error_.empty() ? "the browser ended at its start (see logs/crawl.log)" : browser_error_);
  if (phase_ == Phase::starting && sealed_ > 0) phase_ = Phase::recording;
  if (phase_ == Phase::starting && now_us - started_us_ > kStartLimitUs)
    fail_with(world, "no segment was sealed within 30 s");
}

void Session::stop(const std::string& reason, std::vector<SamplerLogin> samplers, std::int64_t now_us) {
  stop_reason_ = reason;
  stop_samplers_ = std::move(samplers);
  stopping_us_ = now_us;
  phase_ = Phase::stopping;
  if (has_browser_ && browser_.process().running()) browser_.process().signal(SIGTERM);
}

void Session::close_chain(const SessionWorld& world, const std::string& reason) {
  take_events(world);
  auto ledger = LedgerClient::connect(world.paths.ledger_socket);
  auto closed = ledger.ok() ? ledger->close(chain(), reason, stop_samplers_) : Result<ClosedRecording>(ledger.error());
  stop_samplers_.clear();
  phase_ = closed.ok() && error_.empty() ? Phase::ended : Phase::failed;
  if (closed.ok())
    included_ = closed->included;
  else if (error_.empty())
    error_ = closed.error().text;
}

void Session::fail_without_recorder(const SessionWorld& world) {
  const bool full = recorder_.process().wait(0) == exit_code_of(ErrorKind::full);
  fail_with(world, error_.empty() ? "the recorder ended by itself (see logs/capture.log)" : error_, full ? "disk-full" : "failed");
}

void Session::fail_with(const SessionWorld& world, const std::string& why, const std::string& reason) {
  log(LogLevel::error, "recording " + recording_ + ": " + why);
  error_ = why;
  if (has_browser_ && browser_.process().running()) browser_.process().stop(5000);
  if (recorder_.process().running()) recorder_.process().stop(5000);
  close_chain(world, reason);
}

Json Session::state() const {
  Json state = {{"recording", recording_}, {"case", plan_.case_id}, {"kind", plan_.kind}, {"phase", name_of(phase_)},
                {"sealed", sealed_},       {"pages", pages_},       {"included", included_}};
  if (!resumed_.empty()) state["resumed"] = resumed_;
  if (!error_.empty()) state["error"] = error_;
  if (!browser_error_.empty()) state["browser_error"] = browser_error_;
  return state;
}

}  // namespace netsampler
