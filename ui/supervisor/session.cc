#include "ui/supervisor/session.h"

#include <algorithm>
#include <csignal>

#include "evidence/base/log.h"
#include "evidence/ledger/index_reader.h"

namespace netsampler {
namespace {

constexpr std::int64_t kStartLimitUs = 30'000'000;  // display to first sealed segment; a slow camera needs 10 s
constexpr std::int64_t kStopLimitUs = 30'000'000;   // the last page's archive and the last segment
constexpr std::int64_t kPatienceUs = 330'000'000;   // the recorder's --patience, and its end
constexpr std::int64_t kLastLookUs = 2'000'000;     // the last measurement of the clock: a chain does not wait longer for it
constexpr int kCheckTimeoutMs = 15'000;

bool is_screen(const SessionPlan& plan) { return plan.camera.empty(); }

std::vector<std::string> input_arguments(const SessionInput& input) { return {input.medium == "screen" ? "--display" : "--input", input.address}; }

// The recorder's own word on display or camera, before a chain is opened for it.
Result<void> check_input(const SessionWorld& world, const SessionInput& input) {
  ProcessOptions options;
  options.arguments = {world.programs + "/netsampler-capture", "check"};
  for (auto& argument : input_arguments(input)) options.arguments.push_back(argument);
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

std::vector<SessionInput> inputs_of(const SessionPlan& plan) {
  if (!is_screen(plan)) return {{"camera", "camera", plan.camera}};
  std::vector<SessionInput> inputs = {{"screen", "screen", plan.display}};
  for (const std::string& address : plan.cameras_beside)
    inputs.push_back({"camera", inputs.size() == 1 ? "camera" : "camera" + std::to_string(inputs.size()), address});
  return inputs;
}

bool Session::uses_camera(const std::string& address) const {
  const auto inputs = inputs_of(plan_);
  return std::any_of(inputs.begin(), inputs.end(), [&](const SessionInput& input) { return input.medium == "camera" && input.address == address; });
}

Result<Session> Session::start(const SessionWorld& world, const SessionPlan& plan, std::int64_t now_us) {
  for (const SessionInput& input : inputs_of(plan)) TRY(check_input(world, input));
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
  session.started_us_ = session.now_us_ = now_us;
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
  for (const SessionInput& input : inputs_of(plan_)) TRY(start_recorder(world, input));
  return is_screen(plan_) ? start_browser(world) : Result<void>();
}

Result<void> Session::start_recorder(const SessionWorld& world, const SessionInput& input) {
  std::vector<std::string> arguments = {world.programs + "/netsampler-capture", input.medium};
  for (auto& argument : input_arguments(input)) arguments.push_back(argument);
  arguments.insert(arguments.end(), {"--ledger", world.paths.ledger_socket, "--recording", recording_});
  if (input.medium == "screen")
    arguments.insert(arguments.end(), {"--case", plan_.case_id, "--samplers", plan_.sampler_names, "--preparation", std::to_string(world.recording.preparation_s)});
  else
    arguments.insert(arguments.end(), {"--source", input.source});
  LineChild child = TRY(LineChild::start(arguments, world.paths.logs + "/capture.log"));
  recorders_.push_back(Recorder{input.medium, input.source, std::move(child)});
  return {};
}

Result<void> Session::start_browser(const SessionWorld& world) {
  std::vector<std::string> browser = {world.programs + "/netsampler-crawl", "session", "--display", plan_.display,
                                      "--profile", world.paths.run + "/profile-" + recording_, "--browser", world.config.browser,
                                      "--ledger", world.paths.ledger_socket, "--recording", recording_};
  for (const auto& flag : world.config.browser_flags) browser.push_back("--browser-flag=" + flag);
  if (!plan_.start_url.empty()) browser.insert(browser.end(), {"--start", plan_.start_url});
  browser_ = TRY(LineChild::start(browser, world.paths.logs + "/crawl.log"));
  has_browser_ = true;
  return {};
}

// The recorder went on in a new chain. The browser capture did not: its pages end with the old one, and the new one says so.
void Session::take_resumed(const SessionWorld& world, const std::string& heir) {
  if (heir == resumed_) return;  // the other recorder said so
  log(LogLevel::warning, "recording " + chain() + " goes on as " + heir + " after the ledger's death");
  resumed_ = heir;
  if (!has_browser_) return;
  auto ledger = LedgerClient::connect(world.paths.ledger_socket);
  const auto told = ledger.ok() ? ledger->append(heir, "finding", {{"code", "pages-ended"}, {"severity", "partial"}}) : Result<Receipt>(ledger.error());
  if (!told.ok()) log(LogLevel::error, "telling that pages have ended: " + told.error().text);
}

void Session::take_events(const SessionWorld& world) {
  for (Recorder& recorder : recorders_) take_events_of(world, recorder);
  if (!has_browser_) return;
  for (const auto& event : browser_.events()) {
    const std::string what = string_or(event, "event", "");
    if (what == "page") ++pages_;
    if (what == "error") browser_error_ = string_or(event, "text", "");
  }
}

void Session::take_events_of(const SessionWorld& world, Recorder& recorder) {
  for (const auto& event : recorder.child.events()) {
    const std::string what = string_or(event, "event", "");
    if (what == "sealed") ++recorder.sealed, recorder.source = string_or(event, "source", recorder.source);
    if (what == "waiting") recorder.waiting_s = int_or(event, "seconds", 0), recorder.waiting_bytes = int_or(event, "bytes", 0);
    if (what == "resumed") take_resumed(world, string_or(event, "recording", ""));
    if (what == "error") recorder.error = string_or(event, "text", "");
  }
}

bool Session::any_recorder_runs() {
  return std::any_of(recorders_.begin(), recorders_.end(), [](Recorder& each) { return each.child.process().running(); });
}

bool Session::all_sealed() const {
  return std::all_of(recorders_.begin(), recorders_.end(), [](const Recorder& each) { return each.lost || each.sealed > 0; });
}

// A full disk ends all of them; otherwise what still sees goes on.
void Session::take_losses(const SessionWorld& world) {
  for (Recorder& recorder : recorders_) {
    if (recorder.lost || recorder.child.process().running()) continue;
    const bool full = recorder.child.process().wait(0) == exit_code_of(ErrorKind::full);
    if (full || !any_recorder_runs()) return fail_without(world, recorder);
    recorder.lost = true;
    log(LogLevel::error, "recording " + recording_ + ": the recorder of " + recorder.source + " ended by itself; the others go on");
    auto ledger = LedgerClient::connect(world.paths.ledger_socket);
    const Json finding = {{"code", "source-lost"}, {"severity", "partial"}, {"source", recorder.source}};
    const auto told = ledger.ok() ? ledger->append(chain(), "finding", finding) : Result<Receipt>(ledger.error());
    if (!told.ok()) log(LogLevel::error, "telling that a recorder has ended: " + told.error().text);
  }
}

// From the last picture that was sealed of it to the end of the recording.
void Session::tell_lost(const SessionWorld& world) {
  for (const Recorder& recorder : recorders_) {
    if (!recorder.lost) continue;
    const auto index = IndexReader::open(world.paths.index);
    const auto rows = index.ok() ? index->segments(chain(), recorder.source) : Result<std::vector<SegmentRow>>(index.error());
    const std::int64_t from_us = rows.ok() && !rows->empty() ? rows->back().last_us : started_us_;
    const Json gap = {{"source", recorder.source}, {"cause", "lost"}, {"from_us", from_us}, {"to_us", std::max(now_us_, from_us)}};
    auto ledger = LedgerClient::connect(world.paths.ledger_socket);
    const auto told = ledger.ok() ? ledger->append(chain(), "gap", gap) : Result<Receipt>(ledger.error());
    if (!told.ok()) log(LogLevel::error, "telling what is missing of " + recorder.source + ": " + told.error().text);
  }
}

void Session::step(const SessionWorld& world, std::int64_t now_us) {
  if (over()) return;
  now_us_ = now_us;
  take_events(world);
  if (phase_ == Phase::stopping) return step_stopping(world, now_us);
  take_losses(world);
  if (over()) return;
  if (phase_ == Phase::starting && has_browser_ && !browser_.process().running())
    return fail_with(world, browser_error_.empty() ? "the browser ended at its start (see logs/crawl.log)" : browser_error_);
  if (phase_ == Phase::starting && all_sealed()) phase_ = Phase::recording;
  if (phase_ == Phase::starting && now_us - started_us_ > kStartLimitUs)
    fail_with(world, "no segment was sealed within 30 s");
}

void Session::step_stopping(const SessionWorld& world, std::int64_t now_us) {
  const bool browser_runs = has_browser_ && browser_.process().running(), recorder_runs = any_recorder_runs();
  if (!last_look_) ask_time_servers(world, "after");
  last_look_ = true;
  // The browser ends first, so that the picture shows it to the last; then all recorders at once.
  if (!browser_runs && recorder_runs && !recorders_told_) {
    for (Recorder& recorder : recorders_)
      if (recorder.child.process().running()) recorder.child.process().signal(SIGTERM);
    recorders_told_ = true;
  }
  if (!browser_runs && !recorder_runs && !clock_is_being_asked(now_us)) return close_chain(world, stop_reason_);
  // What still waits for a slow ledger is waited for; the recorder's own patience ends that.
  const bool waits = std::any_of(recorders_.begin(), recorders_.end(), [](const Recorder& each) { return each.waiting_s > 0; });
  const std::int64_t limit_us = recorder_runs && waits ? kPatienceUs : kStopLimitUs;
  if (now_us - stopping_us_ > limit_us) fail_with(world, "recorder or browser did not end within " + std::to_string(limit_us / 1'000'000) + " s");
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
  for (const Recorder& recorder : recorders_)
    if (!recorder.lost && error_.empty()) error_ = recorder.error;
  tell_lost(world);
  auto ledger = LedgerClient::connect(world.paths.ledger_socket);
  auto closed = ledger.ok() ? ledger->close(chain(), reason, stop_samplers_) : Result<ClosedRecording>(ledger.error());
  stop_samplers_.clear();
  phase_ = closed.ok() && error_.empty() ? Phase::ended : Phase::failed;
  if (closed.ok())
    included_ = closed->included;
  else if (error_.empty())
    error_ = closed.error().text;
}

void Session::fail_without(const SessionWorld& world, Recorder& recorder) {
  const bool full = recorder.child.process().wait(0) == exit_code_of(ErrorKind::full);
  take_events_of(world, recorder);
  fail_with(world, recorder.error.empty() ? "the recorder ended by itself (see logs/capture.log)" : recorder.error, full ? "disk-full" : "failed");
}

void Session::fail_with(const SessionWorld& world, const std::string& why, const std::string& reason) {
  log(LogLevel::error, "recording " + recording_ + ": " + why);
  error_ = why;
  if (has_browser_ && browser_.process().running()) browser_.process().stop(5000);
  for (Recorder& recorder : recorders_)
    if (recorder.child.process().running()) recorder.child.process().stop(5000);
  close_chain(world, reason);
}

Json Session::state() const {
  std::int64_t sealed = 0, waiting_s = 0, waiting_bytes = 0;
  Json sources = Json::array();
  for (const Recorder& recorder : recorders_) {
    sealed += recorder.sealed;
    waiting_s = std::max(waiting_s, recorder.waiting_s);
    waiting_bytes += recorder.waiting_bytes;
    Json source = {{"medium", recorder.medium}, {"name", recorder.source}, {"sealed", recorder.sealed}};
    if (recorder.lost) source["lost"] = true;
    if (!recorder.error.empty()) source["error"] = recorder.error;
    sources.push_back(std::move(source));
  }
  Json state = {{"recording", recording_}, {"case", plan_.case_id}, {"kind", plan_.kind}, {"phase", name_of(phase_)},
                {"sealed", sealed}, {"sources", std::move(sources)}, {"pages", pages_}, {"included", included_}};
  if (!resumed_.empty()) state["resumed"] = resumed_;
  if (waiting_s > 0) state["waiting"] = {{"seconds", waiting_s}, {"bytes", waiting_bytes}};
  if (!error_.empty()) state["error"] = error_;
  if (!browser_error_.empty()) state["browser_error"] = browser_error_;
  return state;
}

}  // namespace netsampler
