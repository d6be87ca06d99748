// What a page and its server say to each other beside requests: WebSocket messages and server-sent events (a shop's chat), from the
// protocol's events. Kept as `messages.jsonl` of the page archive; one JSON object a line, in the order of their coming:
//   {"at_us","at_utc_us","channel","event":"open","kind":"websocket"|"eventsource","url"}      channel: dense from 1 in a tab
//   {"at_us","at_utc_us","channel","direction":"received"|"sent","event":"message", and one of "text", "base64", "withheld_bytes"}
//   {"at_us","at_utc_us","channel","event":"closed"}
// at_us BOOTTIME. Values that stand behind names like token or password are replaced (masked.h); what the page sent in binary form cannot be
// looked through and is withheld. Bounds: 256 KiB a message, 10,000 lines and 4 MiB until the next take(); what is cut is counted.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "evidence/base/clock.h"
#include "evidence/base/json.h"

namespace netsampler {

class PageTalk {
 public:
  explicit PageTalk(const Clock& clock) : clock_(clock) {}
  // Any Network.* event of the tab's sessions; others than those of messages are ignored.
  void event(const std::string& method, const Json& params);
  bool waits() const { return !lines_.empty(); }
  std::string take();  // the lines since the last one
  std::int64_t cut() const { return cut_; }

 private:
  std::int64_t channel(const std::string& id, const char* kind, const std::string& url);
  void message(const Json& params, bool sent);
  void source_event(const Json& params);
  void closed(const std::string& id);
  void put(std::int64_t channel, Json line);
  const Clock& clock_;
  std::map<std::string, std::int64_t> channels_;     // by request id
  std::map<std::string, std::string> asked_;         // request id of an EventSource → its address
  std::string lines_;
  std::int64_t next_ = 1, count_ = 0, cut_ = 0;
};

}  // namespace netsampler
