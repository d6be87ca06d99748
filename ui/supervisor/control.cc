// The control socket's requests: start and stop recordings, tell the state.
#include <algorithm>

#include "ui/supervisor/supervisor.h"

namespace netsampler {
namespace {

constexpr std::size_t kSessionLimit = 64;

Result<std::vector<SamplerLogin>> samplers_of(const Json& request) {
  std::vector<SamplerLogin> samplers;
  if (!request.contains("samplers") || !request["samplers"].is_array() || request["samplers"].size() > 8)
    return fail(ErrorKind::invalid, "samplers is not a list of {id, password}");
  for (const auto& one : request["samplers"]) {
    SamplerLogin login;
    login.id = TRY(get_string(one, "id"));
    login.password = TRY(get_string(one, "password"));
    samplers.push_back(std::move(login));
  }
  return samplers;
}

// `cameras`: those to be recorded beside the screen, each once; without that member the ones of the configuration.
Result<std::vector<std::string>> cameras_of(const Json& request, const std::vector<std::string>& configured) {
  const auto given = request.find("cameras");
  if (given == request.end()) return configured;
  std::vector<std::string> cameras;
  if (!given->is_array() || given->size() > kCamerasBeside)
    return fail(ErrorKind::invalid, "--camera: at most " + std::to_string(kCamerasBeside) + " beside the screen");
  for (const Json& each : *given) {
    const std::string address = each.is_string() ? each.get<std::string>() : "";
    if (address.empty()) return fail(ErrorKind::invalid, "cameras is not a list of addresses");
    if (std::find(cameras.begin(), cameras.end(), address) != cameras.end()) return fail(ErrorKind::invalid, "--camera: the same camera is named twice");
    cameras.push_back(address);
  }
  return cameras;
}

// Names for the strip; also refuses wrong credentials before anything is stopped or started.
Result<std::string> checked_names(const SessionWorld& world, const std::vector<SamplerLogin>& samplers) {
  if (samplers.size() < 2 || samplers[0].id == samplers[1].id)
    return fail(ErrorKind::denied, "two different samplers must give their credentials (article 43): --sampler ID --sampler ID");
  LedgerClient ledger = TRY(LedgerClient::connect(world.paths.ledger_socket));
  std::string names;
  for (const auto& sampler : samplers) {
    const std::string name = TRY(ledger.account_check(sampler.id, sampler.password));
    names += (names.empty() ? "" : "、") + name;
  }
  return names;
}

}  // namespace

Result<IpcMessage> Supervisor::answer(const Json& request) {
  const std::string op = string_or(request, "op", "");
  Json reply;
  if (op == "state") reply = state();
  else if (op == "record_start") reply = TRY(record_start(request));
  else if (op == "record_stop") reply = TRY(record_stop(request, "stopped"));
  else if (op == "record_void") reply = TRY(record_stop(request, "void"));
  else if (op == "unbox_start") reply = TRY(unbox_start(request));
  else if (op == "unbox_stop") reply = TRY(unbox_stop(request));
  else return fail(ErrorKind::invalid, "unknown request: " + op);
  return IpcMessage(std::move(reply));
}

Result<Json> Supervisor::record_start(const Json& request) {
  SessionPlan plan;
  plan.case_id = TRY(get_string(request, "case"));
  plan.kind = TRY(get_string(request, "kind"));
  plan.display = string_or(request, "display", display_);
  plan.start_url = string_or(request, "start", "");
  plan.cameras_beside = TRY(cameras_of(request, world_.recording.cameras));
  plan.accept_clock = bool_or(request, "accept_clock", false);
  plan.samplers = TRY(samplers_of(request));
  plan.sampler_names = TRY(checked_names(world_, plan.samplers));
  if (plan.display.empty())
    return fail(ErrorKind::unavailable, "no display: start netsampler up with --display :N, or set DISPLAY");
  for (const auto& session : sessions_)
    if (!session.over() && session.plan().camera.empty() && session.plan().display == plan.display)
      return fail(ErrorKind::busy, "display " + plan.display + " is already being recorded for case " + session.plan().case_id +
                                       "; stop that recording first");
  for (const std::string& address : plan.cameras_beside) TRY(require_free_camera(address));
  if (sessions_.size() >= kSessionLimit) std::erase_if(sessions_, [](const Session& s) { return s.over(); });
  sessions_.push_back(TRY(Session::start(world_, plan, clock_.boot_us())));
  return sessions_.back().state();
}

Result<void> Supervisor::require_free_camera(const std::string& address) const {
  for (const auto& session : sessions_)
    if (!session.over() && session.uses_camera(address))
      return fail(ErrorKind::busy, "this camera is already being recorded; end that recording first (netsampler unbox stop, or record stop)");
  return {};
}

Result<Session*> Supervisor::running_session(const Json& request, bool screen) {
  const std::string case_id = string_or(request, "case", ""), recording = string_or(request, "recording", "");
  for (auto& session : sessions_) {
    if (session.over() || session.plan().camera.empty() != screen) continue;
    if (!recording.empty() && !session.is(recording)) continue;
    if (!case_id.empty() && session.plan().case_id != case_id) continue;
    return &session;
  }
  return fail(ErrorKind::not_found, std::string("no running ") + (screen ? "screen" : "camera") + " recording" +
                                        (case_id.empty() ? "" : " of case " + case_id));
}

Result<Json> Supervisor::record_stop(const Json& request, const std::string& reason) {
  TRY(get_string(request, "case"));
  Session* session = TRY(running_session(request, true));
  auto samplers = TRY(samplers_of(request));
  TRY(checked_names(world_, samplers));
  session->stop(reason, std::move(samplers), clock_.boot_us());
  return session->state();
}

Result<Json> Supervisor::unbox_start(const Json& request) {
  SessionPlan plan;
  plan.camera = TRY(get_string(request, "camera"));
  plan.kind = TRY(get_string(request, "kind"));
  plan.case_id = string_or(request, "case", "");
  plan.accept_clock = bool_or(request, "accept_clock", false);
  TRY(require_free_camera(plan.camera));
  sessions_.push_back(TRY(Session::start(world_, plan, clock_.boot_us())));
  return sessions_.back().state();
}

Result<Json> Supervisor::unbox_stop(const Json& request) {
  Session* session = TRY(running_session(request, false));
  session->stop("stopped", {}, clock_.boot_us());
  return session->state();
}

Json Supervisor::state() {
  Json programs = Json::array(), sessions = Json::array();
  for (auto& child : children_)
    programs.push_back({{"name", child.name}, {"running", child.process.running()}, {"restarts", child.restarts}});
  for (const auto& session : sessions_) sessions.push_back(session.state());
  return {{"programs", programs}, {"sessions", sessions}, {"console", console_}, {"display", display_}};
}

}  // namespace netsampler
