#include "crawler/page_recorder.h"

namespace netsampler {
namespace {

constexpr std::size_t kFileLimit = 64u << 20;  // of a memory file that the ledger takes

}  // namespace

bool PageRecorder::append(const std::string& type, const Json& body, const Json& opened, const std::vector<LedgerFile>& files) {
  if (!state_.ok()) return false;
  auto receipt = ledger_.append(recording_, type, body, opened, files);
  if (!receipt.ok()) state_ = std::move(receipt.error()).with("recording a " + type);
  return state_.ok();
}

void PageRecorder::environment(const MachineLook& look) {
  append("environment", look.body, look.opened);
  for (const std::string& code : look.odd) finding(code, "note");
}

void PageRecorder::finding(const std::string& code, const std::string& severity, Json more) {
  more["code"] = code;
  more["severity"] = severity;
  append("finding", more);
}

std::vector<LedgerFile> PageRecorder::hand_over(const PageArchive& page, std::int64_t number) {
  std::vector<LedgerFile> files;
  const std::string folder = "pages/" + std::to_string(number) + "/";
  auto written = archive_files(page, software_);
  if (!written.ok()) state_ = written.error();
  if (!state_.ok()) return {};
  for (const ArchiveFile& file : *written) {
    if (file.bytes.size() > kFileLimit) {
      finding("page-file-too-long", "partial", {{"page", number}});
      continue;
    }
    auto sealed = sealed_memory_file(file.name, file.bytes);
    if (!sealed.ok()) {
      state_ = sealed.error();
      return {};
    }
    files.push_back({folder + file.name, sealed.take()});
  }
  return files;
}

void PageRecorder::page(const PageArchive& page) {
  if (!state_.ok()) return;
  const std::int64_t number = counts_.pages + 1;
  const Facts found = facts_of(page);
  const auto files = hand_over(page, number);
  const Json body = page_record(page, number, found.kind);
  if (!append("page", body, page_private(page), files)) return;
  counts_.pages = number;
  counts_.responses += body["responses"].get<std::int64_t>();
  counts_.bytes += body["bytes"].get<std::int64_t>();
  facts(found, number);
  for (const std::string& code : trail_.observe(found, page.url)) finding(code, "note", {{"page", number}});
  chapter(found.kind, number, page.from_us);
  on_page_(number, found.kind);
}

void PageRecorder::download(const FileSystem& disk, const Download& download) {
  PageArchive page;
  page.url = download.url;
  page.title = download.name;
  page.ended = "download";
  page.tab = download.tab;
  page.from_us = download.from_us;
  page.to_us = download.to_us;
  page.at_utc_us = download.at_utc_us;
  const auto size = disk.info(download.path);
  const bool fits = size.ok() && size->bytes <= kDownloadLimit_bytes;
  auto bytes = download.whole && fits ? disk.read(download.path, kDownloadLimit_bytes) : Result<Bytes>(Bytes());
  const bool kept = download.whole && fits && bytes.ok();
  if (kept) page.download = bytes.take();
  const Json more = {{"page", counts_.pages + 1}, {"tab", download.tab}, {"count", download.bytes}};
  if (!kept) finding(!download.whole ? "download-broken-off" : fits ? "download-unread" : "download-too-long", "partial", more);
  this->page(page);
}

// A fact that the format refuses (a text beyond its bounds) must not end the recording: it is in the archive, and told.
void PageRecorder::facts(const Facts& found, std::int64_t number) {
  std::int64_t refused = 0;
  for (const Fact& fact : found.facts) {
    if (append("fact", fact_record(fact, number, found.kind), fact_private(fact))) {
      ++counts_.facts;
    } else if (state_.error().kind == ErrorKind::invalid) {
      ++refused;
      state_ = {};
    } else {
      return;
    }
  }
  if (refused > 0) finding("fact-refused", "note", {{"page", number}, {"count", refused}});
  for (const std::string& odd : found.warnings) finding(odd, "note", {{"page", number}});
  const auto conflicts = static_cast<std::int64_t>(found.conflicts.size());
  if (conflicts > 0) finding("page-sources-disagree", "note", {{"page", number}, {"count", conflicts}});
}

void PageRecorder::chapter(const std::string& kind, std::int64_t number, std::int64_t from_us) {
  const std::string item = item_of(kind, "");
  if (item.empty() || !kinds_seen_.insert(kind).second) return;
  append("chapter", {{"item", item}, {"page", number}, {"from_us", from_us}});
}

}  // namespace netsampler
