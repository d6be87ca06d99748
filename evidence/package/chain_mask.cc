#include "evidence/package/chain_mask.h"

#include <algorithm>
#include <array>
#include <set>

namespace netsampler {
namespace {

// The page before stays on the screen until the next one is painted: at most this long after the next was asked for, or until the
// next was looked at.
constexpr std::int64_t kPaintUs = 5'000'000;
constexpr std::int64_t kTicksPerSecond = 90'000;
// Their late responses may have come into the archive of the page that was recorded next.
constexpr std::array kCarriedOver{"order", "payment", "chat", "logistics"};

bool carried_over(const std::string& kind) { return std::find(kCarriedOver.begin(), kCarriedOver.end(), kind) != kCarriedOver.end(); }

// Never masked: without them nothing else can be verified, and nothing personal is in them.
bool is_skeleton(const std::string& path) { return path == "keys.txt" || path == "chain.jsonl" || path == "book.jsonl"; }

}  // namespace

void ChainMask::take(std::string_view line) {
  const auto record = parse_record(line);
  if (!record.ok()) return;
  last_seq_ = record->head.seq;
  is_book_ = record->head.chain == ChainKind::book;
  const std::string& type = record->head.type;
  if (record->head.private_count > 0)
    openings_[record->head.seq] = {type, string_or(record->body, "name", ""), string_or(record->body, "kind", "")};
  const auto named = files_of(record->body).value_or({});
  for (const auto& file : named) files_.try_emplace(file.path, File{file, ""});
  if (type == "page") page(*record, named);
  if (type == "segment") segment(*record, named);
}

void ChainMask::page(const Record& record, const std::vector<NamedFile>& files) {
  Page page;
  page.kind = string_or(record.body, "kind", "");
  page.from_us = int_or(record.body, "from_us", 0);
  page.to_us = int_or(record.body, "to_us", 0);
  const std::string ended = string_or(record.body, "ended", "");
  page.gone = ended == "left" || ended == "closed";
  page.utc_us = record.head.at_us - record.head.boot_us;
  for (const auto& file : files) page.files.push_back(file.path);
  pages_.push_back(std::move(page));
}

void ChainMask::segment(const Record& record, const std::vector<NamedFile>& files) {
  if (files.empty()) return;
  const std::int64_t stood_us = int_or(record.body, "last_duration", 0) * 100 / (kTicksPerSecond / 10'000);
  segments_.push_back({string_or(record.body, "source", ""), files.front().path, int_or(record.body, "first_us", 0),
                       int_or(record.body, "last_us", 0) + stood_us, record.head.at_us - record.head.boot_us, bool_or(record.body, "key", false)});
}

// Until when may this page have been seen? It is recorded when it is quiet, and nothing tells when it goes but the next page.
std::int64_t ChainMask::off_screen_us(std::size_t number) const {
  const Page& page = pages_[number];
  std::int64_t until = INT64_MAX;
  for (const Page& next : pages_)
    if (&next != &page && next.from_us >= page.to_us) until = std::min(until, std::min(next.to_us, next.from_us + kPaintUs));
  return page.gone ? std::min(until, page.to_us + kPaintUs) : until;
}

void ChainMask::withhold(const std::string& path, const std::string& why) {
  const auto found = files_.find(path);
  if (found != files_.end() && found->second.why.empty() && !is_skeleton(path)) found->second.why = why;
}

void ChainMask::decide_pages() {
  bool after_personal = false;
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    const Page& page = pages_[i];
    const bool shown = shows_page(mask_.profile(), page.kind);
    std::string why = mask_.span(page.from_us + page.utc_us, page.to_us + page.utc_us);
    if (why.empty() && (!shown || after_personal)) why = kReasonPage;
    for (const auto& path : page.files) withhold(path, why);
    if (!shown) hidden_us_.emplace_back(page.from_us, off_screen_us(i));
    after_personal = !shown && carried_over(page.kind);
  }
}

// Behind a withheld segment all are withheld until a key frame: what follows is coded as the difference from its pictures.
void ChainMask::decide_segments() {
  std::map<std::string, std::string> carried;  // source → why the segment before was withheld
  for (const Segment& segment : segments_) {
    std::string why = mask_.span(segment.from_us + segment.utc_us, segment.to_us + segment.utc_us);
    const bool hidden = std::any_of(hidden_us_.begin(), hidden_us_.end(), [&](const auto& span) {
      return segment.to_us >= span.first && segment.from_us <= span.second;
    });
    if (why.empty()) why = mask_.path(base_ + "/" + segment.path);
    if (why.empty() && hidden) why = kReasonPicture;
    if (why.empty() && !segment.key) why = carried[segment.source];
    carried[segment.source] = why;
    withhold(segment.path, why);
  }
}

void ChainMask::finish() {
  for (const auto& [path, file] : files_)
    if (!is_skeleton(path)) withhold(path, mask_.path(base_ + "/" + path));
  decide_pages();
  decide_segments();
  std::set<std::string> of_pages;
  for (const Page& page : pages_) of_pages.insert(page.files.begin(), page.files.end());
  for (const auto& [path, file] : files_) {
    const bool book_file = is_book_ && !shows_book_file(mask_.profile(), path);
    const bool other_media = !is_book_ && !shows_media(mask_.profile()) && !of_pages.contains(path);
    if (book_file || other_media) withhold(path, kReasonFile);
  }
}

std::string ChainMask::opening(std::int64_t seq, const std::string& field) {
  const auto found = openings_.find(seq);
  if (found != openings_.end()) return mask_.opening(found->second, field);
  return mask_.profile() == "full" ? "" : kReasonMember;
}

std::string ChainMask::unnamed(const std::string& path) {
  const std::string why = mask_.path(base_ + "/" + path);
  return why.empty() && mask_.profile() != "full" ? kReasonFile : why;
}

}  // namespace netsampler
