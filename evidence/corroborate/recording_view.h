// What a recording's chain says of pages, facts and pictures: read once, or again and again while it grows. Reads form, not signatures: that is
// the verifier's. One thread.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "evidence/base/file_system.h"
#include "evidence/format/record.h"
#include "evidence/vision/image.h"

namespace netsampler::corroborate {

struct FactSeen {
  std::int64_t seq = 0, page = 0;
  std::string name, item;
  std::optional<Rect> rect;
  bool opened = false;  // its value is there: not withheld
  Json value;
  std::string raw;
};

struct PageSeen {
  std::int64_t seq = 0, page = 0, from_us = 0, to_us = 0;  // BOOTTIME
  std::string kind, origin, url;                           // url empty where it is withheld
  std::map<std::string, NamedFile> files;                  // by name: page.warc, dom.json, screenshot.png
  std::vector<FactSeen> facts;
};

struct SegmentSeen {
  std::int64_t no = 0, first_pts = 0, last_pts = 0, last_duration = 0;
  bool key = false;
  NamedFile file;
};

struct SourceSeen {
  std::string source, medium;
  std::int64_t start_us = 0;  // BOOTTIME of pts 0
  NamedFile init;
  std::vector<SegmentSeen> segments;
};

class RecordingView {
 public:
  RecordingView(const FileSystem& disk, std::string directory) : disk_(disk), directory_(std::move(directory)) {}
  // Reads what the chain and its openings have more than at the last call. `not_found`: no recording there; `invalid`: a line that is no record.
  Result<void> refresh();

  const std::string& id() const { return id_; }
  const std::string& directory() const { return directory_; }
  bool closed() const { return closed_; }
  std::int64_t last_boot_us() const { return last_boot_us_; }  // of the newest record
  const std::map<std::int64_t, PageSeen>& pages() const { return pages_; }
  const std::vector<SourceSeen>& sources() const { return sources_; }
  bool is_corroborated(std::int64_t fact_seq) const { return corroborated_.contains(fact_seq); }
  bool has_finding(std::int64_t page, const std::string& code) const { return findings_.contains({page, code}); }
  // A file that a record names, whole and with the hash that the record gives. `invalid` where it has another.
  Result<Bytes> read(const NamedFile& file) const;

 private:
  Result<void> take(const Record& record);
  Result<void> take_openings();
  void take_page(const Record& record);
  void take_fact(const Record& record);
  Result<std::vector<std::string>> more_lines(const std::string& name, std::int64_t& at, std::string& rest) const;

  const FileSystem& disk_;
  const std::string directory_;
  std::string id_, chain_rest_, openings_rest_;
  std::int64_t chain_at_ = 0, openings_at_ = 0, last_boot_us_ = 0;
  bool closed_ = false;
  std::map<std::int64_t, PageSeen> pages_;
  std::map<std::int64_t, std::pair<std::int64_t, std::size_t>> facts_;  // by seq: page, place in its facts
  std::map<std::int64_t, std::int64_t> page_of_seq_;
  std::vector<SourceSeen> sources_;
  std::set<std::int64_t> corroborated_;
  std::set<std::pair<std::int64_t, std::string>> findings_;
};

// Recordings at or below a path: a recording itself, a box's state or data directory, a package. Directories, sorted.
Result<std::vector<std::string>> recordings_at(const FileSystem& disk, const std::string& path);

}  // namespace netsampler::corroborate
