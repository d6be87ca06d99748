#include "crawler/browser_session.h"

namespace netsampler {
namespace {

constexpr std::size_t kTabLimit = 512, kTargetLimit = 4096, kWorkerLimit = 256;
constexpr std::int64_t kStart_us = 60'000'000;  // until the first answer: a cold disk, a loaded machine

// Parts of Chromium itself that are built as extensions: its PDF viewer and the like.
bool is_built_in(const std::string& extension) {
  return extension == "mhjfbmdgcfjbbpaeojofohoefgiehjai" || extension == "nkeimhogjdpnpccoofpliimaahmaaome";
}

}  // namespace

BrowserSession::BrowserSession(CdpTransport& transport, const Clock& clock, SessionOptions options, SessionHooks hooks)
    : options_(std::move(options)),
      hooks_(std::move(hooks)),
      clock_(clock),
      client_(transport, clock, [this](const std::string& session, const std::string& method, const Json& params) {
        event(session, method, params);
      }),
      downloads_(clock, options_.downloads) {}

void BrowserSession::start() {
  client_.call("", "Browser.getVersion", Json::object(), [this](const Result<Json>& reply) {
    version_ = reply.ok() ? string_or(*reply, "product", "unknown") : "unknown";
  }, kStart_us);
  client_.tell("", "Target.setDiscoverTargets", {{"discover", true}});
  client_.tell("", "Target.setAutoAttach", only_attach({"page", "service_worker", "shared_worker"}));
  if (!options_.downloads.empty())
    client_.tell("", "Browser.setDownloadBehavior", {{"behavior", "allowAndName"}, {"downloadPath", options_.downloads}, {"eventsEnabled", true}});
}

Result<void> BrowserSession::take(const std::string& message) { return client_.take(message); }

void BrowserSession::tick() {
  client_.expire();
  for (const auto& [session, watch] : watches_) watch->tick();
}

void BrowserSession::event(const std::string& session, const std::string& method, const Json& params) {
  if (method == "Target.targetCreated" || method == "Target.targetInfoChanged")
    return seen(params.value("targetInfo", Json::object()));
  if (method == "Target.attachedToTarget" && session.empty()) return attached(params);
  if (method == "Target.attachedToTarget") return attached_frame(session, params);
  if (method == "Target.detachedFromTarget") return detached(params);
  if (method.rfind("Browser.download", 0) == 0) return download_event(method, params);
  if (workers_.count(session) > 0) {
    if (const auto tab = served_by(session)) tab->worker_event(session, method, params);
    return;
  }
  const auto frame = frames_.find(session);
  const auto watch = watches_.find(frame == frames_.end() ? session : frame->second);
  if (watch == watches_.end()) return;
  const auto kept = watch->second;
  kept->event(session, method, params);
}

void BrowserSession::seen(const Json& target) {
  const std::string url = string_or(target, "url", ""), id = string_or(target, "targetId", "");
  constexpr std::string_view extension = "chrome-extension://";
  const bool devtools = url.rfind("devtools://", 0) == 0;
  const std::string name = url.rfind(extension, 0) == 0 ? url.substr(extension.size(), 32) : "";
  if ((!devtools && (name.empty() || is_built_in(name))) || told_targets_.size() >= kTargetLimit) return;
  if (!told_targets_.insert(devtools ? id : name).second) return;
  if (devtools) devtools_seen_ = true;
  if (!devtools) extensions_.insert(name);
  hooks_.finding(devtools ? "devtools-used" : "extension-seen", "partial", Json::object());
}

void BrowserSession::attached(const Json& params) {
  const std::string session = string_or(params, "sessionId", "");
  const Json target = params.value("targetInfo", Json::object());
  if (string_or(target, "type", "page") == "page") return attached_tab(session, target);
  attached_worker(session, target);
}

void BrowserSession::attached_tab(const std::string& session, const Json& target) {
  if (watches_.size() >= kTabLimit) {
    hooks_.finding("too-many-tabs", "partial", Json::object());
    return client_.tell(session, "Runtime.runIfWaitingForDebugger");
  }
  TabPlace place{session, string_or(target, "targetId", ""), next_tab_++, 0};
  if (const auto opener = numbers_.find(string_or(target, "openerId", "")); opener != numbers_.end()) place.opener = opener->second;
  if (numbers_.size() < kTargetLimit) numbers_[place.target] = place.number;
  auto watch = std::make_shared<PageWatch>(client_, clock_, hooks_, place);
  watches_[session] = watch;
  watch->start(options_.accept_dialogs, [this, weak = std::weak_ptr<PageWatch>(watch)] { watched(weak); });
}

void BrowserSession::attached_worker(const std::string& session, const Json& target) {
  if (workers_.size() < kWorkerLimit) {
    workers_[session] = {origin_of(string_or(target, "url", "")), {}};
    client_.tell(session, "Network.enable", {{"maxPostDataSize", 0}});
  } else {
    hooks_.finding("too-many-workers", "partial", Json::object());
  }
  client_.tell(session, "Runtime.runIfWaitingForDebugger");
}

// The tab stays the same while it is there, so that a response is not told to two.
std::shared_ptr<PageWatch> BrowserSession::served_by(const std::string& session) {
  Worker& worker = workers_.at(session);
  if (auto tab = worker.tab.lock()) return tab;
  std::shared_ptr<PageWatch> best;
  for (const auto& [name, watch] : watches_) {
    const auto rank = [&](const PageWatch& tab) { return std::pair(tab.origin() == worker.origin, tab.active_us()); };
    if (best == nullptr || rank(*watch) > rank(*best)) best = watch;
  }
  worker.tab = best;
  return best;
}

void BrowserSession::attached_frame(const std::string& parent, const Json& params) {
  const std::string session = string_or(params, "sessionId", "");
  const Json target = params.value("targetInfo", Json::object());
  const auto outer = frames_.find(parent);
  const std::string tab = outer == frames_.end() ? parent : outer->second;
  const auto watch = watches_.find(tab);
  if (watch == watches_.end() || frames_.size() >= kTargetLimit) return client_.tell(session, "Runtime.runIfWaitingForDebugger");
  frames_[session] = tab;
  const std::string id = string_or(target, "targetId", "");
  if (frame_tabs_.size() < kTargetLimit) frame_tabs_[id] = watch->second->place().number;
  if (string_or(target, "type", "iframe") == "iframe") watch->second->add_frame(session, parent, id);
  watch->second->watch_network(session, [] {});
}

std::int64_t BrowserSession::tab_of_frame(const std::string& frame) const {
  if (const auto tab = numbers_.find(frame); tab != numbers_.end()) return tab->second;
  const auto inner = frame_tabs_.find(frame);
  return inner == frame_tabs_.end() ? 0 : inner->second;
}

void BrowserSession::download_event(const std::string& method, const Json& params) {
  if (method == "Browser.downloadWillBegin" && !downloads_.begin(params, tab_of_frame(string_or(params, "frameId", ""))))
    hooks_.finding("too-many-downloads", "partial", Json::object());
  if (method != "Browser.downloadProgress") return;
  if (const auto done = downloads_.progress(params)) hooks_.download(*done);
}

void BrowserSession::watched(const std::weak_ptr<PageWatch>& weak) {
  const auto watch = weak.lock();
  if (ready_ || watch == nullptr) return;
  ready_ = true;
  hooks_.ready();
  if (!options_.start_url.empty()) watch->navigate(options_.start_url);
}

void BrowserSession::detached(const Json& params) {
  const std::string session = string_or(params, "sessionId", "");
  client_.fail_session(session, "the tab is closed");
  workers_.erase(session);
  if (const auto frame = frames_.find(session); frame != frames_.end()) {
    if (const auto tab = watches_.find(frame->second); tab != watches_.end()) tab->second->drop_frame(session);
    frames_.erase(frame);
  }
  const auto found = watches_.find(session);
  if (found == watches_.end()) return;
  const auto watch = found->second;
  watches_.erase(found);
  watch->gone();
  cut_before_ += watch->cut();
}

void BrowserSession::close_pages() {
  for (const auto& [session, watch] : watches_) watch->close();
}

bool BrowserSession::idle() const {
  for (const auto& [session, watch] : watches_)
    if (watch->busy()) return false;
  return true;
}

void BrowserSession::close_browser() { client_.tell("", "Browser.close"); }

void BrowserSession::gone() {
  while (const auto download = downloads_.abandon()) hooks_.download(*download);
  const auto lost = std::exchange(watches_, {});
  for (const auto& [session, watch] : lost) watch->gone();
}

std::int64_t BrowserSession::cut() const {
  std::int64_t sum = cut_before_;
  for (const auto& [session, watch] : watches_) sum += watch->cut();
  return sum;
}

}  // namespace netsampler
