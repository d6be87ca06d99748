#include "crawler/browser_session.h"

namespace netsampler {
namespace {

constexpr std::size_t kTabLimit = 64, kTargetLimit = 4096;
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
      }) {}

void BrowserSession::start() {
  client_.call("", "Browser.getVersion", Json::object(), [this](const Result<Json>& reply) {
    version_ = reply.ok() ? string_or(*reply, "product", "unknown") : "unknown";
  }, kStart_us);
  client_.tell("", "Target.setDiscoverTargets", {{"discover", true}});
  client_.tell("", "Target.setAutoAttach", only_attach("page"));
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
  if (method == "Target.attachedToTarget") return attached_frame(session, string_or(params, "sessionId", ""));
  if (method == "Target.detachedFromTarget") return detached(params);
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
  hooks_.finding(devtools ? "devtools-used" : "extension-seen", "partial");
}

void BrowserSession::attached(const Json& params) {
  const std::string session = string_or(params, "sessionId", "");
  const Json target = params.value("targetInfo", Json::object());
  if (watches_.size() >= kTabLimit) {
    hooks_.finding("too-many-tabs", "partial");
    return client_.tell(session, "Runtime.runIfWaitingForDebugger");
  }
  auto watch = std::make_shared<PageWatch>(client_, clock_, hooks_, session, string_or(target, "targetId", ""));
  watches_[session] = watch;
  watch->start(options_.accept_dialogs, [this, weak = std::weak_ptr<PageWatch>(watch)] { watched(weak); });
}

void BrowserSession::attached_frame(const std::string& parent, const std::string& session) {
  const auto outer = frames_.find(parent);
  const std::string tab = outer == frames_.end() ? parent : outer->second;
  const auto watch = watches_.find(tab);
  if (frames_.size() >= kTargetLimit || watch == watches_.end()) return client_.tell(session, "Runtime.runIfWaitingForDebugger");
  frames_[session] = tab;
  watch->second->watch_network(session, [] {});
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
  frames_.erase(session);
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
  const auto lost = std::exchange(watches_, {});
  for (const auto& [session, watch] : lost) watch->gone();
}

std::int64_t BrowserSession::cut() const {
  std::int64_t sum = cut_before_;
  for (const auto& [session, watch] : watches_) sum += watch->cut();
  return sum;
}

}  // namespace netsampler
