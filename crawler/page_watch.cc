#include "crawler/page_watch.h"

namespace netsampler {
namespace {

constexpr std::int64_t kNavigateTimeout_us = 120'000'000;  // the browser answers when the server has

}  // namespace

bool is_web_page(const std::string& url) {
  for (const char* scheme : {"http://", "https://", "file://", "data:", "blob:"})
    if (url.rfind(scheme, 0) == 0) return true;
  return false;
}

Json only_attach(const std::vector<std::string>& types) {
  Json filter = Json::array();
  for (const std::string& type : types) filter.push_back({{"type", type}, {"exclude", false}});
  filter.push_back({{"exclude", true}});
  return {{"autoAttach", true}, {"waitForDebuggerOnStart", true}, {"flatten", true}, {"filter", filter}};
}

PageWatch::PageWatch(CdpClient& client, const Clock& clock, const SessionHooks& hooks, TabPlace place)
    : client_(client),
      clock_(clock),
      hooks_(hooks),
      place_(std::move(place)),
      session_(place_.session),
      target_(place_.target),
      traffic_(clock, [this](const std::shared_ptr<LiveExchange>& live) { fetch_body(live); }),
      talk_(clock),
      frames_(client, place_.session) {}

void PageWatch::start(bool accept_dialogs, std::function<void()> watched) {
  accept_dialogs_ = accept_dialogs;
  client_.tell(session_, "Page.enable");
  client_.tell(session_, "DOM.enable");
  client_.tell(session_, "Inspector.enable");
  watch_network(session_, [this, watched = std::move(watched)] {
    client_.call(session_, "Page.getFrameTree", Json::object(), [watched](const Result<Json>&) { watched(); });
  });
}

// The target is let go when the browser keeps bodies outside the page's process: as the bytes that came, beyond the page's end.
void PageWatch::watch_network(const std::string& session, std::function<void()> then) {
  const Json sizes = {{"maxTotalBufferSize", 2 * kBodiesLimit_bytes}, {"maxResourceBufferSize", kBodyLimit_bytes}};
  Json enable = sizes;
  enable["maxPostDataSize"] = 0;
  client_.tell(session, "Network.enable", enable);
  client_.tell(session, "Target.setAutoAttach", only_attach({"iframe", "worker"}));
  client_.call(session, "Network.configureDurableMessages", sizes,
               [self = weak_from_this(), session, then = std::move(then)](const Result<Json>& reply) {
                 const auto watch = self.lock();
                 if (watch == nullptr) return;
                 if (reply.ok()) watch->traffic_.keeps_bytes(session);
                 watch->client_.tell(session, "Runtime.runIfWaitingForDebugger");
                 then();
               });
}

// A page that cannot be reached is a page all the same (the browser shows its error); a download, or no address at all, is not.
void PageWatch::navigate(const std::string& url) {
  client_.call(session_, "Page.navigate", {{"url", url}}, [self = weak_from_this(), url](const Result<Json>& reply) {
    const auto watch = self.lock();
    const std::string error = reply.ok() ? string_or(*reply, "errorText", "") : reply.error().text;
    const bool no_page = !reply.ok() || error == "net::ERR_ABORTED";
    if (watch != nullptr && no_page) watch->hooks_.refused("no page at " + url + ": " + error);
  }, kNavigateTimeout_us);
}

bool PageWatch::is_main(const Json& params) const { return string_or(params, "frameId", target_) == target_; }

void PageWatch::add_frame(const std::string& session, const std::string& parent_session, const std::string& frame_id) {
  frames_.add(session, parent_session, frame_id);
  client_.tell(session, "DOM.enable");
  client_.tell(session, "Inspector.enable");
}

void PageWatch::event(const std::string& session, const std::string& method, const Json& params) {
  active_us_ = clock_.boot_us();
  if (method.rfind("Network.", 0) == 0) return network_event(session, method, params);
  if (session == session_) return page_event(method, params);
  if (method == "Inspector.targetCrashed") return hooks_.finding("page-crashed", "note", {{"tab", place_.number}});
  if (method == "DOM.documentUpdated" && frames_.has(session)) return watch_dom(session);
  if (method.rfind("DOM.", 0) == 0 && method != "DOM.setChildNodes") dom_changed();
}

void PageWatch::network_event(const std::string& session, const std::string& method, const Json& params) {
  const std::int64_t now_us = clock_.boot_us();
  traffic_.event(session, method, params);
  talk_.event(method, params);
  const std::string id = string_or(params, "requestId", "");
  const std::string type = string_or(params, "type", "");
  if (method == "Network.requestWillBeSent" && type != "EventSource" && type != "WebSocket" && type != "Ping")
    quiet_.request_started(id, now_us);
  if (method == "Network.loadingFinished" || method == "Network.loadingFailed") quiet_.request_ended(id, now_us);
}

void PageWatch::worker_event(const std::string& session, const std::string& method, const Json& params) {
  if (method.rfind("Network.", 0) != 0) return;
  traffic_.event(session, method, params);
  talk_.event(method, params);
}

void PageWatch::page_event(const std::string& method, const Json& params) {
  if (method == "Page.frameStartedNavigating" && is_main(params)) return leaving(params);
  if (method == "Page.frameNavigated") return committed(params.value("frame", Json::object()), string_or(params, "type", ""));
  if (method == "Page.navigatedWithinDocument" && is_main(params)) return moved_within(params);
  if (method == "Page.loadEventFired") return quiet_.loaded(clock_.boot_us());
  if (method == "Page.domContentEventFired" || method == "DOM.documentUpdated") return watch_dom(session_);
  if (method.rfind("DOM.", 0) == 0 && method != "DOM.setChildNodes") return dom_changed();
  if (method == "Page.javascriptDialogOpening" && accept_dialogs_)
    client_.tell(session_, "Page.handleJavaScriptDialog", {{"accept", false}});
  if (method == "Page.downloadWillBegin") return download_begins();
  if (method == "Inspector.targetCrashed") return crashed();
}

void PageWatch::dom_changed() { quiet_.changed(clock_.boot_us()); }

// The browser tells changes of those nodes that it has named to us: all of them. The answer itself is not read.
void PageWatch::watch_dom(const std::string& session) {
  client_.tell(session, "DOM.getDocument", {{"depth", -1}, {"pierce", true}});
  if (is_web_page(document_.url)) quiet_.changed(clock_.boot_us());
}

void PageWatch::leaving(const Json& params) {
  if (string_or(params, "navigationType", "") == "sameDocument") return;
  next_loader_ = string_or(params, "loaderId", "");
  next_from_us_ = clock_.boot_us();
  if (look_ == nullptr && is_web_page(document_.url)) look("left");
}

void PageWatch::committed(const Json& frame, const std::string& type) {
  if (frame.contains("parentId")) return quiet_.changed(clock_.boot_us());
  const bool looked_at = look_ != nullptr && look_->document.loader_id == document_.loader_id;
  if (!document_.recorded && !looked_at) record_unseen(document_, "left");
  const std::int64_t now_us = clock_.boot_us();
  document_ = Document();
  document_.loader_id = string_or(frame, "loaderId", "");
  document_.url = string_or(frame, "unreachableUrl", string_or(frame, "url", "")) + string_or(frame, "urlFragment", "");
  document_.from_us = document_.loader_id == next_loader_ && next_from_us_ != 0 ? next_from_us_ : now_us;
  next_loader_.clear();
  failed_looks_ = 0;
  crashed_ = false;
  if (!is_web_page(document_.url)) return quiet_.looking();
  quiet_.committed(now_us);
  if (type == "BackForwardCacheRestore") quiet_.loaded(now_us), watch_dom(session_);
}

// What looked like a navigation leads to no document.
void PageWatch::download_begins() {
  quiet_.request_ended(next_loader_, clock_.boot_us());
  next_loader_.clear();
}

// Nothing can be asked of it any more, until it is loaded again; the recording goes on.
void PageWatch::crashed() {
  crashed_ = true;
  hooks_.finding("page-crashed", "note", {{"tab", place_.number}});
  client_.fail_session(session_, "the page crashed");
  if (!document_.recorded) record_unseen(document_, "crashed");
  document_.recorded = true;
  quiet_.looking();
}

void PageWatch::moved_within(const Json& params) {
  document_.url = string_or(params, "url", document_.url);
  quiet_.changed(clock_.boot_us());
}

void PageWatch::tick() {
  if (look_ != nullptr || crashed_ || !is_web_page(document_.url)) return;
  const Due due = quiet_.due(clock_.boot_us());
  if (due != Due::no) look(due == Due::quiet ? "quiet" : "bound");
}

void PageWatch::close() {
  if (look_ == nullptr && !crashed_ && is_web_page(document_.url)) look("closed");
}

void PageWatch::gone() {
  gone_ = true;
  client_.fail_session(session_, "the tab is closed");
  if (!document_.recorded) record_unseen(document_, "closed");
  else record_late();
  document_ = Document();
}

void PageWatch::fetch_body(const std::shared_ptr<LiveExchange>& live) {
  client_.call(live->session, "Network.getResponseBody", {{"requestId", live->request_id}},
               [self = weak_from_this(), live](const Result<Json>& reply) {
                 const auto watch = self.lock();
                 if (watch == nullptr) return;
                 watch->traffic_.body(live, reply);
                 watch->finish_look();
               });
}

}  // namespace netsampler
