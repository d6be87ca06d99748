// One tab: watches it by the protocol's events and makes a PageArchive of each of its states. Asks nothing of the page: no script runs
// in it, nothing is put into it. One record a state: when the closing rule (page_quiet.h) says so, when the document is about to be
// left, when the tab is closed; a state that looks like the last recorded one makes none, and what the network brought meanwhile goes
// into the next record.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "crawler/cdp_client.h"
#include "crawler/downloads.h"
#include "crawler/page_frames.h"
#include "crawler/page_quiet.h"
#include "crawler/page_signature.h"
#include "crawler/page_talk.h"
#include "crawler/page_traffic.h"
#include "crawler/secrets.h"

namespace netsampler {

struct SessionHooks {
  std::function<void(PageArchive)> page;
  std::function<void(const std::string& code, const std::string& severity, const Json& more)> finding;  // more: tab, count
  std::function<void(const Download&)> download;         // it has ended
  std::function<void()> ready;                            // the first tab is watched
  std::function<void(const std::string& text)> refused;  // an address that does not lead to a page
};

// Where a tab stands in the recording. Numbers from 1; opener 0: nobody, or not known.
struct TabPlace {
  std::string session, target;
  std::int64_t number = 0, opener = 0;
};

class PageWatch : public std::enable_shared_from_this<PageWatch> {
 public:
  PageWatch(CdpClient& client, const Clock& clock, const SessionHooks& hooks, TabPlace place);

  // Switches the events on; a page that waits for it is let go; `watched` comes once all is on.
  void start(bool accept_dialogs, std::function<void()> watched);
  // Events of a session's network, of the tab itself or of one of its iframes; then the target, which waited for it, runs.
  void watch_network(const std::string& session, std::function<void()> then);
  void navigate(const std::string& url);
  // A frame of this tab that lives in a process of its own: watched from now on. A worker has no DOM.
  void add_frame(const std::string& session, const std::string& parent_session, const std::string& frame_id);
  void drop_frame(const std::string& session) { frames_.drop(session); }
  // An event of this tab's own session, or of one of its frames and workers.
  void event(const std::string& session, const std::string& method, const Json& params);
  // An event of a worker that may serve several tabs: its responses go into this tab's archive, the tab need not wait for them.
  void worker_event(const std::string& session, const std::string& method, const Json& params);
  void tick();
  // The recording ends: a last look at what is not recorded yet.
  void close();
  // The tab is gone: what was never recorded is recorded without a picture.
  void gone();
  bool busy() const { return look_ != nullptr; }
  std::int64_t cut() const { return traffic_.cut() + talk_.cut(); }
  const TabPlace& place() const { return place_; }
  std::string origin() const { return origin_of(document_.url); }
  std::int64_t active_us() const { return active_us_; }  // BOOTTIME of the last event

 private:
  struct Document {
    std::string url, loader_id;
    std::int64_t from_us = 0;
    bool recorded = false;
    PageSignature last;
  };
  struct Look {
    std::string ended;
    Document document;  // as it was when the look began
    PageArchive page;
    PageSignature signature;
    int steps_left = 0;
  };
  void page_event(const std::string& method, const Json& params);
  void leaving(const Json& params);
  void committed(const Json& frame, const std::string& type);
  void moved_within(const Json& params);
  void dom_changed();
  void watch_dom(const std::string& session);
  void network_event(const std::string& session, const std::string& method, const Json& params);
  void download_begins();
  void crashed();

  void look(const std::string& ended);
  void on_snapshot(const std::shared_ptr<Look>& look, Result<Json> reply);
  void take_picture(const std::shared_ptr<Look>& look);
  void save_page(const std::shared_ptr<Look>& look);
  void ask_certificate(const std::shared_ptr<Look>& look);
  void step_done(const std::shared_ptr<Look>& look);
  void look_failed(const std::shared_ptr<Look>& look);
  void finish_look();
  void record_unseen(const Document& document, const std::string& ended);
  void record_late();
  bool may_record_unseen();
  void emit(PageArchive page, const Document& document);
  void fetch_body(const std::shared_ptr<LiveExchange>& live);
  bool is_main(const Json& params) const;

  CdpClient& client_;
  const Clock& clock_;
  const SessionHooks& hooks_;
  const TabPlace place_;
  const std::string &session_, &target_;  // of place_; the main frame's id is the target's
  PageTraffic traffic_;
  Secrets secrets_;  // of all pages of this tab so far
  PageTalk talk_;
  PageFrames frames_;
  PageQuiet quiet_;
  Document document_;
  std::string next_loader_;  // of the navigation under way
  std::int64_t next_from_us_ = 0;
  std::map<std::string, std::vector<Bytes>> certificates_;  // by origin
  std::shared_ptr<Look> look_;
  int failed_looks_ = 0;
  std::int64_t active_us_ = 0;
  std::int64_t unseen_left_ = 0, unseen_at_us_ = 0, unseen_skipped_ = 0;  // records of pages that were gone before a look: bounded
  bool accept_dialogs_ = false, gone_ = false, crashed_ = false;
};

// Pages of the browser itself (about:, chrome:, devtools:) are not evidence.
bool is_web_page(const std::string& url);
// Parameters of Target.setAutoAttach: new targets of these types wait until they are watched, others are left alone.
Json only_attach(const std::vector<std::string>& types);

}  // namespace netsampler
