// The loop around one browser: its process, its pipe and its session, until it is told to end or the browser does.
#pragma once
#include <memory>

#include "crawler/browser_process.h"
#include "crawler/browser_session.h"

namespace netsampler {

enum class BrowserState {
  running,
  closed,  // ended by itself, in good order: the officer closed it
  lost     // killed, crashed, or never came up
};

class BrowserRun {
 public:
  static Result<std::unique_ptr<BrowserRun>> start(const BrowserOptions& options, const Clock& clock, SessionOptions session,
                                                   SessionHooks hooks);
  // One turn: at most `wait_ms`, less where the browser speaks or `wake` is readable (-1: none). Errors: what the browser said is
  // not its protocol.
  Result<void> step(int wait_ms, int wake);
  // The end in good order: last looks, then the browser is asked to close; at most ~18 s, then it is killed.
  Result<void> close(const Clock& clock);
  BrowserState state() const { return state_; }
  BrowserSession& session() { return session_; }
  int pid() { return process_.process().pid(); }
  std::string last_words() const { return process_.last_words(); }

 private:
  BrowserRun(BrowserProcess process, const Clock& clock, SessionOptions session, SessionHooks hooks)
      : process_(std::move(process)), session_(process_.pipe(), clock, std::move(session), std::move(hooks)) {}
  void ended();
  BrowserProcess process_;
  BrowserSession session_;
  BrowserState state_ = BrowserState::running;
};

}  // namespace netsampler
