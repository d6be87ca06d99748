#include "crawler/page_traffic.h"

#include <algorithm>

namespace netsampler {
namespace {

constexpr std::size_t kHopLimit = 32, kDocumentLimit = 512;

bool over_http(const std::string& url) { return url.rfind("http://", 0) == 0 || url.rfind("https://", 0) == 0; }

const Json& object_in(const Json& params, const char* key) {
  static const Json nothing = Json::object();
  const auto found = params.is_object() ? params.find(key) : params.end();
  return params.is_object() && found != params.end() && found->is_object() ? *found : nothing;
}

// Several values of one name come as one text with line feeds between them.
void add_header(Headers& headers, const std::string& name, const std::string& values) {
  std::size_t from = 0;
  for (;;) {
    const auto end = values.find('\n', from);
    headers.emplace_back(name, values.substr(from, end == std::string::npos ? end : end - from));
    if (end == std::string::npos) return;
    from = end + 1;
  }
}

Headers headers_of(const Json& object) {
  Headers headers;
  for (const auto& item : object.items())
    if (item.value().is_string()) add_header(headers, item.key(), item.value().get<std::string>());
  return headers;
}

// "HTTP/1.1 200 OK\r\nA: b\r\n…": the wire's own order and spelling.
Headers headers_of_text(const std::string& text) {
  Headers headers;
  std::size_t from = text.find('\n');
  while (from != std::string::npos && from + 1 < text.size()) {
    const auto end = text.find('\n', from + 1);
    std::string line = text.substr(from + 1, end == std::string::npos ? end : end - from - 1);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    const auto colon = line.find(':');
    if (colon != std::string::npos && colon > 0) {
      const auto value = line.find_first_not_of(" \t", colon + 1);
      headers.emplace_back(line.substr(0, colon), value == std::string::npos ? "" : line.substr(value));
    }
    from = end;
  }
  return headers;
}

void describe_response(Exchange& exchange, const Json& response) {
  exchange.status = static_cast<int>(int_or(response, "status", 0));
  exchange.status_text = string_or(response, "statusText", "");
  exchange.response_headers = headers_of(object_in(response, "headers"));
  exchange.mime = string_or(response, "mimeType", "");
  exchange.charset = string_or(response, "charset", "");
  exchange.protocol = string_or(response, "protocol", "");
  exchange.remote_ip = string_or(response, "remoteIPAddress", "");
}

bool converts(const std::string& charset) {
  std::string lower = charset;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return !lower.empty() && lower != "utf-8" && lower != "utf8" && lower != "us-ascii";
}

}  // namespace

void PageTraffic::event(const std::string& session, const std::string& method, const Json& params) {
  if (method == "Network.requestWillBeSent") will_be_sent(session, params);
  if (method == "Network.responseReceived") response(session, params);
  if (method == "Network.dataReceived") data(params);
  if (method == "Network.loadingFinished") finished(session, params);
  if (method == "Network.loadingFailed") failed(params);
  if (method == "Network.requestServedFromCache")
    if (LiveExchange* live = last_of(params)) live->from_memory = true;
  if (method == "Network.requestWillBeSentExtraInfo") extra(params, true);
  if (method == "Network.responseReceivedExtraInfo") extra(params, false);
}

LiveExchange* PageTraffic::last_of(const Json& params) {
  const auto found = requests_.find(string_or(params, "requestId", ""));
  return found == requests_.end() || found->second.hops.empty() ? nullptr : found->second.hops.back().get();
}

void PageTraffic::will_be_sent(const std::string& session, const Json& params) {
  const Json& request = object_in(params, "request");
  LiveExchange* redirected = last_of(params);
  if (redirected != nullptr && !redirected->finished) {
    describe_response(redirected->exchange, object_in(params, "redirectResponse"));
    redirected->has_extra = bool_or(params, "redirectHasExtraInfo", false);
    redirected->finished = true;
  }
  const std::string url = string_or(request, "url", "");
  const std::string id = string_or(params, "requestId", "");
  if (!over_http(url)) return;
  if (order_.size() >= kExchangeLimit || (requests_.count(id) > 0 && requests_[id].hops.size() >= kHopLimit)) {
    ++cut_;
    return;
  }
  auto live = std::make_shared<LiveExchange>();
  live->request_id = id;
  live->loader_id = string_or(params, "loaderId", "");
  live->session = session;
  Exchange& exchange = live->exchange;
  exchange.url = url.substr(0, url.find('#'));
  exchange.method = string_or(request, "method", "GET");
  exchange.type = string_or(params, "type", "");
  exchange.request_headers = headers_of(object_in(request, "headers"));
  exchange.has_request_body = bool_or(request, "hasPostData", false);
  exchange.at_utc_us = clock_.utc_us();
  requests_[id].hops.push_back(live);
  order_.push_back(std::move(live));
}

void PageTraffic::response(const std::string& session, const Json& params) {
  LiveExchange* live = last_of(params);
  if (live == nullptr) return;
  describe_response(live->exchange, object_in(params, "response"));
  live->has_extra = bool_or(params, "hasExtraInfo", false);
  live->session = session;
  live->exchange.body_state = BodyState::lost;  // until it is here
  remember_status(*live);
}

void PageTraffic::data(const Json& params) {
  if (LiveExchange* live = last_of(params)) live->data_bytes += int_or(params, "dataLength", 0);
}

void PageTraffic::finished(const std::string& session, const Json& params) {
  LiveExchange* live = last_of(params);
  if (live == nullptr || live->finished) return;
  live->finished = true;
  live->session = session;
  if (live->data_bytes > kBodyLimit_bytes || held_bytes_ + live->data_bytes > kBodiesLimit_bytes) {
    live->exchange.body_state = BodyState::too_long;
    ++cut_;
    return;
  }
  live->held_bytes = live->data_bytes;
  held_bytes_ += live->held_bytes;
  live->body_asked = true;
  fetch_(requests_[live->request_id].hops.back());
}

void PageTraffic::failed(const Json& params) {
  LiveExchange* live = last_of(params);
  if (live == nullptr || live->finished) return;
  live->finished = true;
  live->exchange.failure = string_or(params, "errorText", "net::ERR_FAILED");
  remember_status(*live);
}

void PageTraffic::body(const std::shared_ptr<LiveExchange>& live, const Result<Json>& reply) {
  live->body_asked = false;
  Exchange& exchange = live->exchange;
  exchange.body_state = live->data_bytes == 0 ? BodyState::exact : BodyState::lost;
  if (!reply.ok()) return;
  const std::string text = string_or(*reply, "body", "");
  const bool coded = bool_or(*reply, "base64Encoded", false);
  auto bytes = coded ? from_base64(text) : Result<Bytes>(Bytes(text.begin(), text.end()));
  if (!bytes.ok()) return;
  auto kept = spool_.keep(bytes.take());
  if (!kept.ok()) {
    ++cut_;
    return;
  }
  exchange.body = kept.take();
  const auto size = static_cast<std::int64_t>(exchange.body.size());
  const bool same_size = live->data_bytes == 0 || live->data_bytes == size;
  const bool as_received = same_size && !live->from_memory && byte_sessions_.count(live->session) > 0;
  held_bytes_ += size - live->held_bytes;
  live->held_bytes = size;
  exchange.body_state = !coded && !as_received && (converts(exchange.charset) || !same_size) ? BodyState::converted : BodyState::exact;
}

void PageTraffic::extra(const Json& params, bool of_request) {
  const std::string id = string_or(params, "requestId", "");
  if (requests_.count(id) == 0 && requests_.size() >= kExchangeLimit) return;
  Request& request = requests_[id];
  std::vector<Headers>& side = of_request ? request.sent : request.received;
  if (side.size() >= kHopLimit) return;
  const std::string text = string_or(params, "headersText", "");
  side.push_back(text.empty() ? headers_of(object_in(params, "headers")) : headers_of_text(text));
}

// The n-th hop that went over the wire has the n-th headers of the wire.
void PageTraffic::wire_headers(Request& request) {
  std::size_t n = 0;
  for (const auto& live : request.hops) {
    if (!live->has_extra) continue;
    if (n < request.sent.size()) live->exchange.request_headers = request.sent[n];
    if (n < request.received.size()) live->exchange.response_headers = request.received[n];
    ++n;
  }
}

void PageTraffic::remember_status(const LiveExchange& live) {
  if (live.request_id != live.loader_id) return;
  if (documents_.size() >= kDocumentLimit) documents_.erase(documents_.begin());
  documents_[live.loader_id] = {live.exchange.status, live.exchange.failure};
}

int PageTraffic::status_of(const std::string& loader_id) const {
  const auto found = documents_.find(loader_id);
  return found == documents_.end() ? 0 : found->second.first;
}

std::string PageTraffic::failure_of(const std::string& loader_id) const {
  const auto found = documents_.find(loader_id);
  return found == documents_.end() ? "" : found->second.second;
}

bool PageTraffic::has_finished() const {
  return std::any_of(order_.begin(), order_.end(), [](const auto& live) { return live->finished; });
}

bool PageTraffic::bodies_wait() const {
  return std::any_of(order_.begin(), order_.end(), [](const auto& live) { return live->body_asked; });
}

std::vector<Exchange> PageTraffic::take(const std::string& except_loader, bool all) {
  std::vector<Exchange> taken;
  std::vector<std::shared_ptr<LiveExchange>> kept;
  for (auto& [id, request] : requests_) wire_headers(request);
  for (const auto& live : order_) {
    const bool stays = (!except_loader.empty() && live->loader_id == except_loader) ||
                       (!all && (!live->finished || live->body_asked));
    if (stays) {
      kept.push_back(live);
      continue;
    }
    held_bytes_ -= live->held_bytes;
    taken.push_back(std::move(live->exchange));
  }
  order_ = std::move(kept);
  std::map<std::string, Request> still;
  for (const auto& live : order_)
    if (const auto found = requests_.find(live->request_id); found != requests_.end())
      still.insert(requests_.extract(found));
  requests_ = std::move(still);
  spool_.next();
  return taken;
}

}  // namespace netsampler
