#include "evidence/corroborate/recording_view.h"

#include "evidence/format/private.h"

namespace netsampler::corroborate {
namespace {

constexpr std::size_t kFileLimit = 64u << 20;
constexpr std::size_t kPageLimit = 20'000, kFactLimit = 2'000;  // facts of one page

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::optional<Rect> rect_of(const Json& body) {
  const auto found = body.find("rect");
  if (found == body.end() || !found->is_array() || found->size() != 4) return std::nullopt;
  int side[4];
  for (std::size_t i = 0; i < 4; ++i) {
    if (!(*found)[i].is_number_integer()) return std::nullopt;
    const auto value = (*found)[i].get<std::int64_t>();
    if (value < -1'000'000 || value > 1'000'000) return std::nullopt;
    side[i] = static_cast<int>(value);
  }
  return Rect{side[0], side[1], side[2], side[3]};
}

}  // namespace

Result<std::vector<std::string>> RecordingView::more_lines(const std::string& name, std::int64_t& at, std::string& rest) const {
  std::vector<std::string> lines;
  TRY(disk_.read_pieces_from(directory_ + "/" + name, at, [&](ByteView piece) -> Result<void> {
    at += static_cast<std::int64_t>(piece.size());
    std::string_view text = as_text(piece);
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
      lines.push_back(rest + std::string(text.substr(0, end)));
      rest.clear();
      text.remove_prefix(end + 1);
    }
    rest += text;
    if (rest.size() > kLineBytes) return fail(ErrorKind::invalid, directory_ + "/" + name + ": a line that is too long for a record");
    return {};
  }));
  return lines;
}

Result<void> RecordingView::refresh() {
  const auto lines = more_lines("chain.jsonl", chain_at_, chain_rest_);
  if (!lines.ok()) return Error(lines.error()).with("reading the recording");
  for (const std::string& line : *lines) {
    const Record record = TRY_WITH(parse_record(line), "reading the recording's chain");
    TRY(take(record));
  }
  return take_openings();
}

Result<void> RecordingView::take(const Record& record) {
  const Json& body = record.body;
  const std::string& type = record.head.type;
  id_ = record.head.owner;
  last_boot_us_ = record.head.boot_us;
  if (type == "page") take_page(record);
  if (type == "fact") take_fact(record);
  if (type == "close") closed_ = true;
  if (type == "corroboration") corroborated_.insert(int_or(body, "fact", -1));
  if (type == "finding") findings_.emplace(int_or(body, "page", 0), string_or(body, "code", ""));
  if (type == "source") {
    const auto files = TRY(files_of(body));
    if (files.empty()) return {};
    sources_.push_back({string_or(body, "source", ""), string_or(body, "medium", ""), int_or(body, "start_us", 0), files.front(), {}});
  }
  if (type == "segment") {
    const auto files = TRY(files_of(body));
    for (SourceSeen& source : sources_)
      if (source.source == string_or(body, "source", "") && !files.empty())
        source.segments.push_back({int_or(body, "no", 0), int_or(body, "first_pts", 0), int_or(body, "last_pts", 0), int_or(body, "last_duration", 0),
                                   bool_or(body, "key", false), files.front()});
  }
  return {};
}

void RecordingView::take_page(const Record& record) {
  if (pages_.size() == kPageLimit) return;
  const std::int64_t number = int_or(record.body, "page", 0);
  PageSeen page;
  page.seq = record.head.seq;
  page.page = number;
  page.from_us = int_or(record.body, "from_us", 0);
  page.to_us = int_or(record.body, "to_us", 0);
  page.kind = string_or(record.body, "kind", "");
  page.origin = string_or(record.body, "origin", "");
  if (auto files = files_of(record.body); files.ok())
    for (NamedFile& file : *files) page.files[name_of(file.path)] = std::move(file);
  page_of_seq_[record.head.seq] = number;
  pages_[number] = std::move(page);
}

void RecordingView::take_fact(const Record& record) {
  const auto page = pages_.find(int_or(record.body, "page", 0));
  if (page == pages_.end() || page->second.facts.size() == kFactLimit) return;
  FactSeen fact;
  fact.seq = record.head.seq;
  fact.page = page->first;
  fact.name = string_or(record.body, "name", "");
  fact.item = string_or(record.body, "item", "");
  fact.rect = rect_of(record.body);
  facts_[fact.seq] = {page->first, page->second.facts.size()};
  page->second.facts.push_back(std::move(fact));
}

// An opening is there before its record; one that is withheld, or no opening, opens nothing.
Result<void> RecordingView::take_openings() {
  if (!exists(disk_, directory_ + "/private.jsonl")) return {};
  const auto lines = TRY(more_lines("private.jsonl", openings_at_, openings_rest_));
  for (const std::string& line : lines) {
    const auto opening = parse_opening(line);
    if (!opening.ok() || opening->withheld) continue;
    if (const auto page = page_of_seq_.find(opening->seq); page != page_of_seq_.end() && opening->field == "url" && opening->value.is_string())
      pages_[page->second].url = opening->value.get<std::string>();
    const auto place = facts_.find(opening->seq);
    if (place == facts_.end()) continue;
    FactSeen& fact = pages_[place->second.first].facts[place->second.second];
    if (opening->field == "value") fact.value = opening->value, fact.opened = true;
    if (opening->field == "raw" && opening->value.is_string()) fact.raw = opening->value.get<std::string>();
  }
  return {};
}

Result<Bytes> RecordingView::read(const NamedFile& file) const {
  Bytes bytes = TRY(disk_.read(directory_ + "/" + file.path, kFileLimit));
  if (hex_of(sha256(bytes)) != file.sha256) return fail(ErrorKind::invalid, file.path + " is not the file that the record names (verify the recording)");
  return bytes;
}

Result<std::vector<std::string>> recordings_at(const FileSystem& disk, const std::string& path) {
  if (exists(disk, path + "/chain.jsonl")) return std::vector<std::string>{path};
  for (const char* below : {"/recordings", "/data/recordings"}) {
    if (!exists(disk, path + below)) continue;
    std::vector<std::string> found;
    for (const std::string& name : TRY(disk.list(path + below)))
      if (exists(disk, path + below + "/" + name + "/chain.jsonl")) found.push_back(path + below + "/" + name);
    return found;
  }
  return fail(ErrorKind::invalid, path + ": no recording, box or package (nothing with a chain.jsonl is there)");
}

}  // namespace netsampler::corroborate
