// From archived pages to records on one recording's chain: page, then its facts, then the chapters it opens. One thread. The first
// failure of the ledger is kept: nothing is appended after it, and the session ends.
#pragma once
#include <functional>
#include <set>
#include <string>

#include "crawler/downloads.h"
#include "crawler/environment_look.h"
#include "crawler/page_archive.h"
#include "crawler/price_trail.h"
#include "evidence/base/file_system.h"
#include "evidence/ledger/client.h"

namespace netsampler {

struct CrawlCounts {
  std::int64_t pages = 0, facts = 0, responses = 0, bytes = 0;
};

class PageRecorder {
 public:
  using OnPage = std::function<void(std::int64_t number, const std::string& kind)>;
  PageRecorder(LedgerClient ledger, std::string recording, std::string software, OnPage on_page)
      : ledger_(std::move(ledger)),
        recording_(std::move(recording)),
        software_(std::move(software)),
        on_page_(std::move(on_page)) {}

  // With a note for each thing that is odd.
  void environment(const MachineLook& look);
  void page(const PageArchive& page);
  // A record of its own, among the pages: its bytes (where it is whole and at most kDownloadLimit_bytes), address and name.
  void download(const FileSystem& disk, const Download& download);
  void finding(const std::string& code, const std::string& severity, Json more = Json::object());
  const Result<void>& state() const { return state_; }
  const CrawlCounts& counts() const { return counts_; }

 private:
  bool append(const std::string& type, const Json& body, const Json& opened = Json::object(),
              const std::vector<LedgerFile>& files = {});
  std::vector<LedgerFile> hand_over(const PageArchive& page, std::int64_t number);
  void facts(const Facts& found, std::int64_t number);
  void chapter(const std::string& kind, std::int64_t number, std::int64_t from_us);

  LedgerClient ledger_;
  const std::string recording_, software_;
  OnPage on_page_;
  Result<void> state_;
  CrawlCounts counts_;
  std::set<std::string> kinds_seen_;
  PriceTrail trail_;
};

}  // namespace netsampler
