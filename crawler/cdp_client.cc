#include "crawler/cdp_client.h"

#include <charconv>
#include <vector>

namespace netsampler {
namespace {

constexpr std::size_t kPendingLimit = 8192;
constexpr int kDepth = 20'000;  // a deep DOM nests two levels of JSON for each of its own

// The id of an answer without looking further: Chromium writes it first. -1 where the message is an event.
std::int64_t id_of(std::string_view message) {
  constexpr std::string_view start = "{\"id\":";
  std::int64_t id = -1;
  if (message.substr(0, start.size()) == start)
    std::from_chars(message.data() + start.size(), message.data() + message.size(), id);
  return id;
}

}  // namespace

void CdpClient::call(const std::string& session, const std::string& method, const Json& params, Reply reply,
                     std::int64_t timeout_us) {
  const std::int64_t id = next_id_++;
  Json message = {{"id", id}, {"method", method}, {"params", params}};
  if (!session.empty()) message["sessionId"] = session;
  Result<void> sent = pending_.size() < kPendingLimit ? transport_.send(print(message))
                                                      : fail(ErrorKind::full, "too many commands wait for the browser");
  if (sent.ok())
    pending_[id] = {session, method, std::move(reply), clock_.boot_us() + timeout_us};
  else if (reply)
    reply(sent.error());
}

void CdpClient::tell(const std::string& session, const std::string& method, const Json& params) {
  call(session, method, params, nullptr);
}

void CdpClient::finish(std::int64_t id, Result<Json> outcome) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  const Pending pending = std::move(found->second);
  pending_.erase(found);
  if (!pending.reply) return;
  if (!outcome.ok()) outcome = std::move(outcome.error()).with(pending.method);
  pending.reply(std::move(outcome));
}

Result<void> CdpClient::answer(std::int64_t id, const std::string& message) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return {};  // came after its time
  if (!found->second.reply) {
    pending_.erase(found);
    return {};
  }
  if (message.size() > kCdpReplyLimit) {
    finish(id, fail(ErrorKind::full, "an answer longer than 64 MiB"));
    return {};
  }
  Json body = TRY_WITH(parse_any(message, {kCdpReplyLimit, kDepth}), "the browser's pipe");
  if (body.contains("error"))
    finish(id, fail(ErrorKind::unavailable, string_or(body["error"], "message", "refused by the browser")));
  else
    finish(id, body.contains("result") ? std::move(body["result"]) : Json::object());
  return {};
}

Result<void> CdpClient::take(const std::string& message) {
  const std::int64_t id = id_of(message);
  if (id >= 0) return answer(id, message);
  if (message.size() > kCdpReplyLimit) return {};  // an event nobody can read: its page is found by the snapshot
  const Json body = TRY_WITH(parse_any(message, {kCdpReplyLimit, kDepth}), "the browser's pipe");
  if (!body.is_object()) return fail(ErrorKind::invalid, "the browser's pipe: a message that is no JSON object");
  if (body.contains("id")) return answer(int_or(body, "id", -1), message);
  const std::string method = TRY_WITH(get_string(body, "method"), "the browser's pipe");
  static const Json nothing = Json::object();
  const auto params = body.find("params");
  on_event_(string_or(body, "sessionId", ""), method, params == body.end() ? nothing : *params);
  return {};
}

void CdpClient::expire() {
  const std::int64_t now_us = clock_.boot_us();
  std::vector<std::int64_t> late;
  for (const auto& [id, pending] : pending_)
    if (pending.until_us <= now_us) late.push_back(id);
  for (const std::int64_t id : late) finish(id, fail(ErrorKind::unavailable, "the browser did not answer in time"));
}

void CdpClient::fail_session(const std::string& session, const std::string& why) {
  std::vector<std::int64_t> lost;
  for (const auto& [id, pending] : pending_)
    if (pending.session == session) lost.push_back(id);
  for (const std::int64_t id : lost) finish(id, fail(ErrorKind::unavailable, why));
}

}  // namespace netsampler
