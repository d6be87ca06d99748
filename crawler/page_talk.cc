#include "crawler/page_talk.h"

#include "crawler/masked.h"

namespace netsampler {
namespace {

constexpr std::size_t kMessageLimit = 256u << 10, kLinesLimit_bytes = 4u << 20, kChannelLimit = 1024;
constexpr std::int64_t kLineLimit = 10'000;
constexpr int kTextFrame = 1, kBinaryFrame = 2;

std::string url_of(const Json& params) {
  const auto request = params.find("request");
  return request != params.end() && request->is_object() ? string_or(*request, "url", "") : "";
}

}  // namespace

void PageTalk::event(const std::string& method, const Json& params) {
  const std::string id = string_or(params, "requestId", "");
  if (method == "Network.webSocketCreated") channel(id, "websocket", string_or(params, "url", ""));
  if (method == "Network.webSocketFrameSent") message(params, true);
  if (method == "Network.webSocketFrameReceived") message(params, false);
  if (method == "Network.webSocketClosed") closed(id);
  if (method == "Network.requestWillBeSent" && string_or(params, "type", "") == "EventSource" && asked_.size() < kChannelLimit)
    asked_[id] = url_of(params);
  if (method == "Network.eventSourceMessageReceived") source_event(params);
  if (method == "Network.loadingFinished" || method == "Network.loadingFailed") asked_.erase(id), closed(id);
}

std::int64_t PageTalk::channel(const std::string& id, const char* kind, const std::string& url) {
  const auto known = channels_.find(id);
  if (known != channels_.end()) return known->second;
  if (channels_.size() >= kChannelLimit) return 0;
  channels_[id] = next_;
  put(next_, {{"event", "open"}, {"kind", kind}, {"url", masked(url)}});
  return next_++;
}

void PageTalk::message(const Json& params, bool sent) {
  const auto frame = params.find("response");
  if (frame == params.end() || !frame->is_object()) return;
  const std::int64_t opcode = int_or(*frame, "opcode", 0);
  if (opcode != kTextFrame && opcode != kBinaryFrame) return;
  const std::string data = string_or(*frame, "payloadData", "");
  Json line = {{"event", "message"}, {"direction", sent ? "sent" : "received"}};
  if (opcode == kTextFrame) line["text"] = masked(data);
  else if (sent) line["withheld_bytes"] = data.size() / 4 * 3;
  else line["base64"] = data;
  put(channel(string_or(params, "requestId", ""), "websocket", ""), std::move(line));
}

void PageTalk::source_event(const Json& params) {
  const std::string id = string_or(params, "requestId", "");
  const auto asked = asked_.find(id);
  const std::int64_t number = channel(id, "eventsource", asked == asked_.end() ? "" : asked->second);
  Json line = {{"event", "message"}, {"direction", "received"}, {"text", masked(string_or(params, "data", ""))}};
  if (const std::string name = string_or(params, "eventName", ""); !name.empty() && name != "message") line["name"] = name;
  put(number, std::move(line));
}

void PageTalk::closed(const std::string& id) {
  const auto known = channels_.find(id);
  if (known == channels_.end()) return;
  put(known->second, {{"event", "closed"}});
  channels_.erase(known);
}

void PageTalk::put(std::int64_t channel, Json line) {
  line["channel"] = channel;
  line["at_us"] = clock_.boot_us();
  line["at_utc_us"] = clock_.utc_us();
  const std::string text = print(line) + "\n";
  if (channel == 0 || text.size() > kMessageLimit || count_ >= kLineLimit || lines_.size() + text.size() > kLinesLimit_bytes) {
    ++cut_;
    return;
  }
  ++count_;
  lines_ += text;
}

std::string PageTalk::take() {
  count_ = 0;
  return std::exchange(lines_, std::string());
}

}  // namespace netsampler
