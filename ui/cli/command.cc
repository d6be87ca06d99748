#include "ui/cli/command.h"

#include <poll.h>

#include <cstdlib>

#include "evidence/base/clock.h"
#include "evidence/base/ipc.h"

namespace netsampler {

void add_state_option(CLI::App& app, std::string& state) {
  const char* preset = std::getenv("NETSAMPLER_STATE");
  state = preset != nullptr ? preset : "/var/lib/netsampler";
  app.add_option("--state", state, "state directory of the box (default: $NETSAMPLER_STATE or /var/lib/netsampler)")
      ->capture_default_str();
}

Result<Json> ask_supervisor(const std::string& state, const Json& request) {
  auto client = IpcClient::connect(StatePaths(state).control_socket);
  if (!client.ok())
    return fail(ErrorKind::unavailable, "the box is not running; start it with: netsampler up --state " + state);
  return client->call(request, 60'000);
}

Result<Json> wait_for_phase(const std::string& state, const std::string& recording, const std::string& phase, int limit_ms) {
  const SystemClock clock;
  const std::int64_t end_us = clock.boot_us() + std::int64_t{limit_ms} * 1000;
  while (clock.boot_us() < end_us) {
    const Json all = TRY(ask_supervisor(state, {{"op", "state"}}));
    for (const auto& session : all["sessions"]) {
      if (string_or(session, "recording", "") != recording) continue;
      const std::string now = string_or(session, "phase", "");
      if (now == phase) return session;
      if (now == "failed") return fail(ErrorKind::io, "the recording failed: " + string_or(session, "error", "no reason told") +
                                                          "; what was sealed is kept, start again from the beginning (article 39)");
    }
    ::poll(nullptr, 0, 200);  // between two questions; the condition is the phase
  }
  return fail(ErrorKind::unavailable, "the recording did not reach \"" + phase + "\" in time (see the box's logs)");
}

}  // namespace netsampler
