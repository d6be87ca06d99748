#include "capture/strip/box_state.h"

#include "capture/strip/preparation.h"
#include "evidence/base/crypto.h"

namespace netsampler::capture {
namespace {

constexpr int kPatienceMs = 500;

void read_servers(const Json& clock, BoxState& state) {
  const auto servers = clock.find("servers");
  if (servers == clock.end() || !servers->is_array()) return;
  for (const Json& server : *servers)
    state.servers.push_back({string_or(server, "server", "?"), bool_or(server, "ok", false), int_or(server, "offset_us", 0),
                             int_or(server, "delay_us", 0), int_or(server, "stratum", 0), int_or(server, "dispersion_us", 0), string_or(server, "why", "")});
}

}  // namespace

std::string heir_of(const Json& status, const std::string& recording) {
  const auto list = status.find("recordings");
  if (list == status.end() || !list->is_array()) return recording;
  for (const Json& each : *list)
    if (string_or(each, "resumes", "") == recording) return string_or(each, "id", recording);
  return recording;
}

void take_beacon(const Json& log_state, BoxState& state) {
  const std::string beacon = string_or(log_state, "beacon", "");
  if (beacon == state.beacon) return;
  state.beacon = beacon;
  state.beacon_modules = beacon.empty() ? BeaconModules() : beacon_modules(beacon).value_or({});
}

BoxState box_state_from(const Json& status, const std::string& recording) {
  BoxState state;
  state.answered = true;
  if (const auto list = status.find("recordings"); list != status.end() && list->is_array()) {
    for (const Json& each : *list) {
      if (string_or(each, "id", "") != recording) continue;
      state.kind = string_or(each, "kind", "");
      state.head = string_or(each, "head", "");
      state.broken = string_or(each, "broken", "");
      state.segments = int_or(each, "segments", 0);
      if (const auto seen = each.find("environment"); seen != each.end() && seen->is_object()) state.environment = environment_lines(*seen);
    }
  }
  const auto key = public_key_from_base64(string_or(status, "box_key", ""));
  if (key.ok()) state.box_id = hex_of(sha256(*key));
  const auto clock = status.find("clock");
  if (clock == status.end() || !clock->is_object()) return state;
  state.clock_state = string_or(*clock, "state", "");
  state.error_us = int_or(*clock, "error_us", -1);
  state.limit_us = int_or(*clock, "limit_us", -1);
  state.offset_us = int_or(*clock, "offset_us", 0);
  state.stratum = int_or(*clock, "stratum", -1);
  read_servers(*clock, state);
  return state;
}

BoxState BoxStatus::poll() {
  if (socket_.empty()) {
    last_.answered = true;
    return last_;
  }
  if (!ledger_) {
    auto connected = IpcClient::connect(socket_);
    if (connected.ok()) ledger_ = connected.take();
  }
  last_.answered = false;
  ++last_.unanswered;
  if (!ledger_) return last_;
  const auto reply = ledger_->call(Json{{"op", "status"}}, kPatienceMs);
  if (!reply.ok()) {
    ledger_.reset();
    return last_;
  }
  recording_ = heir_of(*reply, recording_);
  BoxState state = box_state_from(*reply, recording_);
  state.beacon = std::move(last_.beacon);
  state.beacon_modules = std::move(last_.beacon_modules);
  last_ = std::move(state);
  ask_beacon();
  return last_;
}

// Without an answer the last one stands: an older time stamp is still one that was there before.
void BoxStatus::ask_beacon() {
  const auto reply = ledger_->call(Json{{"op", "log_state"}}, kPatienceMs);
  if (reply.ok())
    take_beacon(*reply, last_);
  else if (reply.error().kind == ErrorKind::unavailable)
    ledger_.reset();
}

}  // namespace netsampler::capture
