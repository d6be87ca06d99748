// Commands and answers of the Chrome DevTools Protocol over one transport, sessions flattened. Single-threaded: replies and events
// are handed out inside take(), expire() and fail_*(). Every reply is called exactly once, with the answer's `result`, or with the
// reason why there is none: refused by the browser, no answer in time, session or browser gone.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "crawler/cdp_pipe.h"
#include "evidence/base/clock.h"
#include "evidence/base/json.h"

namespace netsampler {

inline constexpr std::int64_t kCdpReplyTimeout_us = 10'000'000;
inline constexpr std::size_t kCdpReplyLimit = 64u << 20;  // bytes of one message that is looked into

class CdpClient {
 public:
  using Reply = std::function<void(Result<Json>)>;
  using Event = std::function<void(const std::string& session, const std::string& method, const Json& params)>;

  CdpClient(CdpTransport& transport, const Clock& clock, Event on_event)
      : transport_(transport), clock_(clock), on_event_(std::move(on_event)) {}

  // An empty `session` speaks to the browser itself.
  void call(const std::string& session, const std::string& method, const Json& params, Reply reply,
            std::int64_t timeout_us = kCdpReplyTimeout_us);
  // The answer, however large, is dropped unread.
  void tell(const std::string& session, const std::string& method, const Json& params = Json::object());
  // One message of the browser. `invalid`: not the protocol, e.g. no JSON object. An answer beyond kCdpReplyLimit is a `full` reply.
  Result<void> take(const std::string& message);
  void expire();  // replies whose time is over
  void fail_session(const std::string& session, const std::string& why);
  std::size_t waiting() const { return pending_.size(); }

 private:
  struct Pending {
    std::string session, method;
    Reply reply;
    std::int64_t until_us = 0;
  };
  void finish(std::int64_t id, Result<Json> outcome);
  Result<void> answer(std::int64_t id, const std::string& message);
  CdpTransport& transport_;
  const Clock& clock_;
  Event on_event_;
  std::map<std::int64_t, Pending> pending_;
  std::int64_t next_id_ = 1;
};

}  // namespace netsampler
