// The strip's own line to the ledger: the `status` and `log_state` requests, once a second, with a short patience, so that a busy ledger never
// stops the time on the screen. Connects again by itself.
#pragma once
#include <optional>
#include <string>

#include "capture/strip/strip_paint.h"
#include "evidence/base/ipc.h"

namespace netsampler::capture {

class BoxStatus {
 public:
  // Empty socket: there is no ledger; `answered` stays true and nothing else is known.
  BoxStatus(std::string socket, std::string recording) : socket_(std::move(socket)), recording_(std::move(recording)) {}
  BoxState poll();

 private:
  void ask_beacon();
  std::string socket_, recording_;
  std::optional<IpcClient> ledger_;
  BoxState last_;  // shown again, marked unanswered, while the ledger is silent
};

// From a `log_state` reply: a new beacon and its QR code, the old where it has not changed; without one there is no QR code.
void take_beacon(const Json& log_state, BoxState& state);
// The recording that resumes this one, after a ledger's death; itself where none does.
std::string heir_of(const Json& status, const std::string& recording);
// From a status reply; members that are missing stay unknown.
BoxState box_state_from(const Json& status, const std::string& recording);

}  // namespace netsampler::capture
