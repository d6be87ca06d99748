// The whole browser: finds its tabs, watches each (page_watch.h), tells what the officer should not have open (DevTools, extensions).
// Single-threaded; driven by take() for each message and tick() at least every 50 ms. Bounds: 512 tabs, 256 workers at once.
// Service and shared workers belong to no tab: what they ask for goes into the archive of the tab of their origin that was active last.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "crawler/page_watch.h"

namespace netsampler {

struct SessionOptions {
  std::string start_url;         // opened in the first tab once it is watched; empty: none
  bool accept_dialogs = false;   // headless: nobody is there to answer alert()
  std::string downloads;         // absolute directory that downloads go into; empty: they are the browser's own matter
};

class BrowserSession {
 public:
  BrowserSession(CdpTransport& transport, const Clock& clock, SessionOptions options, SessionHooks hooks);
  BrowserSession(const BrowserSession&) = delete;
  BrowserSession& operator=(const BrowserSession&) = delete;

  void start();
  Result<void> take(const std::string& message);
  void tick();
  // The end in good order: a last look at every tab; done when idle() (bounded by the protocol's time-outs).
  void close_pages();
  bool idle() const;
  void close_browser();
  // The browser is gone: what was never recorded is told without a picture.
  void gone();

  std::string version() const { return version_; }                       // "Chrome/156.0…", empty until it is known
  const std::set<std::string>& extensions() const { return extensions_; }  // ids seen
  bool devtools_seen() const { return devtools_seen_; }
  std::size_t tabs() const { return watches_.size(); }
  std::int64_t cut() const;  // exchanges and bodies left out for want of room, so far

 private:
  void event(const std::string& session, const std::string& method, const Json& params);
  void attached(const Json& params);
  void attached_tab(const std::string& session, const Json& target);
  void attached_worker(const std::string& session, const Json& target);
  void attached_frame(const std::string& parent, const Json& params);
  void download_event(const std::string& method, const Json& params);
  std::int64_t tab_of_frame(const std::string& frame) const;
  std::shared_ptr<PageWatch> served_by(const std::string& worker);
  void detached(const Json& params);
  void seen(const Json& target);
  void watched(const std::weak_ptr<PageWatch>& watch);

  const SessionOptions options_;
  const SessionHooks hooks_;
  const Clock& clock_;
  CdpClient client_;
  std::map<std::string, std::shared_ptr<PageWatch>> watches_;  // by session
  std::map<std::string, std::string> frames_;                  // session of an iframe or its worker → session of its tab
  struct Worker {
    std::string origin;
    std::weak_ptr<PageWatch> tab;
  };
  std::map<std::string, Worker> workers_;                      // by session
  Downloads downloads_;
  std::map<std::string, std::int64_t> numbers_;                // target of a tab → its number, also when it is closed
  std::map<std::string, std::int64_t> frame_tabs_;             // frame in a process of its own → number of its tab
  std::set<std::string> extensions_, told_targets_;
  std::string version_;
  bool devtools_seen_ = false, ready_ = false;
  std::int64_t next_tab_ = 1;
  std::int64_t cut_before_ = 0;  // of tabs that are gone
};

}  // namespace netsampler
