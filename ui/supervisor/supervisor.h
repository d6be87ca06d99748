// All programs of a box under one account, for development, the demo and a single desktop (`netsampler up`); on the appliance
// systemd does this. Owns the children and the control socket; knows no evidence. Who takes it over can stop recordings, visibly.
#pragma once
#include <map>

#include "evidence/base/clock.h"
#include "evidence/base/ipc.h"
#include "ui/supervisor/session.h"

namespace netsampler {

struct SupervisorOptions {
  std::string state;    // directory
  std::string display;  // default for recordings; may be empty
  std::string listen = "127.0.0.1:0";  // the console's address; port 0: a free one
};

class Supervisor {
 public:
  static Result<Supervisor> start(const SupervisorOptions& options);
  // Until a stop signal; then every recording is closed as failed, every child ended.
  Result<void> run(const Fd& signals);
  const std::string& console() const { return console_; }

 private:
  struct Child {
    std::string name;
    std::vector<std::string> arguments;
    Process process;
    int restarts = 0;
    std::int64_t started_us = 0;
    bool given_up = false;
  };
  Supervisor(SessionWorld world, IpcServer server, std::string display)
      : world_(std::move(world)), server_(std::move(server)), display_(std::move(display)) {}
  Result<void> start_ledger();
  Result<void> start_stamp();
  Result<void> wait_for_clock();
  Result<void> start_console(const std::string& listen);
  Result<void> launch(Child& child);
  Result<void> add_child(const std::string& name, std::vector<std::string> arguments);
  void restart_the_dead();
  Result<IpcMessage> answer(const Json& request);
  Result<Json> record_start(const Json& request);
  Result<Json> record_stop(const Json& request, const std::string& reason);
  Result<Json> unbox_start(const Json& request);
  Result<Json> unbox_stop(const Json& request);
  Result<void> require_free_camera(const std::string& address) const;
  Result<Session*> running_session(const Json& request, bool screen);
  Json state();
  void stop_all();

  SessionWorld world_;
  IpcServer server_;
  std::string display_, console_;
  SystemClock clock_;
  std::vector<Child> children_;
  std::vector<Session> sessions_;  // the newest 64; older ended ones are forgotten
};

}  // namespace netsampler
