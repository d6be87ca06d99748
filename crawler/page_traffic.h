// What the network brought to one page (its iframes included): the protocol's Network events turned into exchanges. Bodies are asked
// for by the owner through `fetch`, at once when a response is complete, because the browser forgets them with the document.
// Bounds of what is held: 4096 exchanges, 48 MiB of bodies, 24 MiB a body; what is cut is counted, never silently absent.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "crawler/archive.h"
#include "evidence/base/clock.h"
#include "evidence/base/json.h"

namespace netsampler {

inline constexpr std::size_t kExchangeLimit = 4096;
inline constexpr std::int64_t kBodyLimit_bytes = 24 << 20;
inline constexpr std::int64_t kBodiesLimit_bytes = 48 << 20;

struct LiveExchange {
  Exchange exchange;
  std::string request_id, loader_id, session;
  bool finished = false, body_asked = false, has_extra = false, from_memory = false;
  std::int64_t data_bytes = 0;  // that arrived, content coding removed
  std::int64_t held_bytes = 0;  // that count against the bound
};

class PageTraffic {
 public:
  using Fetch = std::function<void(const std::shared_ptr<LiveExchange>&)>;
  PageTraffic(const Clock& clock, Fetch fetch) : clock_(clock), fetch_(std::move(fetch)) {}

  // Any Network.* event of the page's sessions; others are ignored.
  void event(const std::string& session, const std::string& method, const Json& params);
  // The answer to Network.getResponseBody, or that there is none.
  void body(const std::shared_ptr<LiveExchange>& live, const Result<Json>& reply);
  // From now on bodies of this session's responses are given as the bytes that came, except those from the page's own memory.
  void keeps_bytes(const std::string& session) { if (byte_sessions_.size() < kExchangeLimit) byte_sessions_.insert(session); }
  bool bodies_wait() const;
  bool has_finished() const;
  // Removes and gives what is finished (with `all`: everything), except requests of the document `except_loader`.
  std::vector<Exchange> take(const std::string& except_loader, bool all);
  std::int64_t cut() const { return cut_; }  // exchanges and bodies left out so far
  // HTTP status of a document by its loader; 0 where it is not known.
  int status_of(const std::string& loader_id) const;
  std::string failure_of(const std::string& loader_id) const;

 private:
  struct Request {  // the hops of one request id, a redirect each but the last
    std::vector<std::shared_ptr<LiveExchange>> hops;
    std::vector<Headers> sent, received;  // the headers as they went over the wire, a hop each
  };
  void will_be_sent(const std::string& session, const Json& params);
  void response(const std::string& session, const Json& params);
  void data(const Json& params);
  void finished(const std::string& session, const Json& params);
  void failed(const Json& params);
  void extra(const Json& params, bool of_request);
  LiveExchange* last_of(const Json& params);
  void wire_headers(Request& request);
  void remember_status(const LiveExchange& live);

  const Clock& clock_;
  Fetch fetch_;
  std::map<std::string, Request> requests_;  // by request id
  std::vector<std::shared_ptr<LiveExchange>> order_;
  std::map<std::string, std::pair<int, std::string>> documents_;  // loader id → status, failure
  BodySpool spool_;
  std::set<std::string> byte_sessions_;
  std::int64_t held_bytes_ = 0, cut_ = 0;
};

}  // namespace netsampler
