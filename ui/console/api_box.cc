// The box itself: is it well, what does it count, what state is its clock in.
#include <algorithm>

#include "evidence/base/program.h"
#include "evidence/ledger/client.h"
#include "ui/console/api_playlist.h"
#include "ui/console/api_routes.h"
#include "ui/console/embedded.h"

namespace netsampler {
namespace {

Result<Json> ledger_status(const Console& console) {
  LedgerClient ledger = TRY(LedgerClient::connect(console.paths.ledger_socket));
  return ledger.status();
}

// Recordings whose pictures wait for the ledger, as their recorders told the supervisor; none where there is no supervisor.
Json waiting_now(const Console& console) {
  constexpr int kPatienceMs = 500;
  Json list = Json::array();
  auto supervisor = IpcClient::connect(console.paths.control_socket);
  if (!supervisor.ok()) return list;
  const auto state = supervisor->call(Json{{"op", "state"}}, kPatienceMs);
  if (!state.ok()) return list;
  for (const Json& session : state->value("sessions", Json::array())) {
    const auto waiting = session.find("waiting");
    if (waiting == session.end()) continue;
    list.push_back({{"recording", string_or(session, "recording", "")}, {"seconds", int_or(*waiting, "seconds", 0)}, {"bytes", int_or(*waiting, "bytes", 0)}});
  }
  return list;
}

// Those that run, each with the newest source of every film: what the list of cases shows live.
Result<Json> running_now(const Console& console, const Json& status) {
  const IndexReader index = TRY(console.index());
  Json list = Json::array();
  for (const Json& open : status.value("recordings", Json::array())) {
    const std::string id = string_or(open, "id", "");
    const auto sources = TRY(index.sources(id));
    Json running = {{"recording", id}, {"kind", string_or(open, "kind", "")}, {"case", string_or(open, "case", "")}, {"sources", Json::array()}};
    for (const std::string& film : film_names(sources)) {
      const SourceRow newest = film_of(sources, film).back();
      running["sources"].push_back({{"name", newest.source}, {"medium", newest.medium}});
    }
    list.push_back(std::move(running));
  }
  return list;
}

void metric(std::string& text, const std::string& name, const char* type, const char* help, std::int64_t value) {
  text += "# HELP netsampler_" + name + " " + help + "\n# TYPE netsampler_" + name + " " + type + "\nnetsampler_" + name + " " +
          std::to_string(value) + "\n";
}

// Told as recording is only what lies on the disk: from the first sealed segment on.
std::int64_t confirmed_recordings(const Json& status) {
  const auto recordings = status.find("recordings");
  if (recordings == status.end() || !recordings->is_array()) return 0;
  return std::count_if(recordings->begin(), recordings->end(), [](const Json& each) { return int_or(each, "segments", 0) > 0; });
}

void ledger_metrics(std::string& text, const Json& status) {
  const auto recordings = status.find("recordings");
  const auto clock = status.find("clock");
  metric(text, "open_recordings", "gauge", "Recordings that are open now.",
         recordings == status.end() ? 0 : static_cast<std::int64_t>(recordings->size()));
  metric(text, "cases", "gauge", "Cases on the box.", int_or(status, "cases", 0));
  metric(text, "free_bytes", "gauge", "Bytes free where the evidence lies.", int_or(status, "free_bytes", 0));
  if (clock != status.end() && clock->is_object())
    metric(text, "clock_error_microseconds", "gauge", "Error bound of the box's clock.", int_or(*clock, "error_us", 0));
}

}  // namespace

Result<HttpReply> get_health(Call& call) {
  const bool index = call.console.index().ok();
  const bool ledger = LedgerClient::connect(call.console.paths.ledger_socket).ok();
  return reply_json({{"ok", index && ledger}, {"index", index}, {"ledger", ledger}}, index && ledger ? 200 : 503);
}

Result<HttpReply> get_metrics(Call& call) {
  std::string text;
  const Counters& counters = call.console.counters;
  metric(text, "console_requests_total", "counter", "Requests answered.", counters.requests);
  metric(text, "console_refused_total", "counter", "Requests answered with 4xx.", counters.refused);
  metric(text, "console_failed_total", "counter", "Requests answered with 5xx.", counters.failed);
  metric(text, "console_sessions", "gauge", "Sessions that are signed in.", static_cast<std::int64_t>(call.console.sessions.count()));
  const auto status = ledger_status(call.console);
  metric(text, "ledger_up", "gauge", "1 where the ledger answers.", status.ok() ? 1 : 0);
  if (status.ok()) ledger_metrics(text, *status);
  return reply_text(text, "text/plain; version=0.0.4; charset=utf-8");
}

Result<HttpReply> get_openapi(Call&) { return reply_text(kOpenApi, "application/yaml; charset=utf-8"); }

Result<HttpReply> get_box(Call& call) {
  Json box = {{"box", call.console.setup.box_name}, {"version", kVersion}, {"ledger", false}, {"open_recordings", 0}, {"waiting", waiting_now(call.console)}};
  const auto status = ledger_status(call.console);
  if (!status.ok()) return reply_json(box);
  box["ledger"] = true;
  for (const char* member : {"box_key", "free_bytes", "clock"})
    if (status->contains(member)) box[member] = status->at(member);
  box["open_recordings"] = confirmed_recordings(*status);
  const auto running = running_now(call.console, *status);
  if (running.ok()) box["running"] = *running;
  return reply_json(box);
}

}  // namespace netsampler
