#include "ui/console/api_case_json.h"

#include <algorithm>

#include "ui/console/api_playlist.h"

namespace netsampler {

std::int64_t utc_of(const RecordingRow& row, std::int64_t boot_us) { return row.opened_at_us + (boot_us - row.opened_boot_us); }

std::vector<SegmentRow> film_segments(const RecordingView& view, const std::string& film) {
  std::vector<SegmentRow> all;
  for (const SourceRow& source : film_of(view.sources, film)) {
    const auto segments = view.segments.find(source.source);
    if (segments != view.segments.end()) all.insert(all.end(), segments->second.begin(), segments->second.end());
  }
  return all;
}

Json positions(const RecordingView& view, std::int64_t boot_us, const std::string& only) {
  Json list = Json::array();
  for (const std::string& film : film_names(view.sources)) {
    if (!only.empty() && film_name_of(view.sources, only) != film) continue;
    const auto at = position_us(film_segments(view, film), boot_us);
    if (at) list.push_back({{"source", film}, {"position_us", *at}});
  }
  return list;
}

namespace {

Json source_json(const RecordingView& view, const SourceRow& source) {
  const auto found = view.segments.find(source.source);
  static const std::vector<SegmentRow> none;
  const auto& segments = found == view.segments.end() ? none : found->second;
  std::int64_t frames = 0, dropped = 0;
  for (const SegmentRow& s : segments) frames += s.frames, dropped += s.dropped;
  Json json = {{"name", source.source},   {"medium", source.medium}, {"width", source.width},
               {"height", source.height}, {"codec", source.codec},   {"segments", segments.size()},
               {"frames", frames},        {"dropped", dropped},      {"duration_us", duration_us(segments)},
               {"start_us", source.start_us}};
  if (!source.follows.empty()) json["follows"] = source.follows;
  return json;
}

Json film_json(const RecordingView& view, const std::string& film) {
  const auto segments = film_segments(view, film);
  const auto sources = film_of(view.sources, film);
  Json names = Json::array();
  for (const SourceRow& source : sources) names.push_back(source.source);
  Json json = {{"name", film}, {"medium", sources.front().medium}, {"sources", names}, {"duration_us", duration_us(segments)}, {"playable_us", playable_us(segments, view.row.state != "open")}};
  const bool lost = std::any_of(view.findings.begin(), view.findings.end(), [&](const FindingRow& finding) {
    return finding.code == "source-lost" && film_name_of(view.sources, finding.source) == film;
  });
  if (lost) json["lost"] = true;
  return json;
}

// The picture of the page: the file that is called a screenshot, else any picture.
std::string screenshot_of(const PageRow& page) {
  std::string found;
  if (!page.files.is_array()) return found;
  for (const Json& file : page.files) {
    const std::string path = string_or(file, "path", "");
    const std::string name = path.substr(path.rfind('/') + 1);
    const bool picture = name.ends_with(".png") || name.ends_with(".jpg") || name.ends_with(".webp");
    if (picture && (found.empty() || name.starts_with("screenshot"))) found = name;
  }
  return found;
}

Json page_json(const RecordingView& view, const PageRow& page) {
  Json json = {{"number", page.page},  {"kind", page.kind},       {"origin", page.origin},
               {"status", page.status}, {"responses", page.responses}, {"bytes", page.bytes},
               {"ended", page.ended},   {"at_us", utc_of(view.row, page.to_us)}, {"positions", positions(view, page.from_us)}};
  if (!page.url.empty()) json["url"] = page.url;
  if (!page.title.empty()) json["title"] = page.title;
  const std::string screenshot = screenshot_of(page);
  if (!screenshot.empty()) json["screenshot"] = screenshot;
  return json;
}

Json chapter_json(const RecordingView& view, const ChapterRow& chapter) {
  Json json = {{"item", chapter.item},
               {"at_us", utc_of(view.row, chapter.from_us)},
               {"positions", positions(view, chapter.from_us, chapter.source)}};
  if (chapter.page > 0) json["page"] = chapter.page;
  return json;
}

template <class Row>
Json list_of(const RecordingView& view, const std::vector<Row>& rows, Json (*one)(const RecordingView&, const Row&)) {
  Json list = Json::array();
  for (const Row& row : rows) list.push_back(one(view, row));
  return list;
}

Json finding_json(const RecordingView&, const FindingRow& finding) {
  return {{"code", finding.code}, {"severity", finding.severity}, {"at_us", finding.at_us}};
}

}  // namespace

Result<RecordingView> read_recording(const IndexReader& index, const RecordingRow& row) {
  RecordingView view;
  view.row = row;
  view.sources = TRY(index.sources(row.id));
  for (const SourceRow& source : view.sources) view.segments[source.source] = TRY(index.segments(row.id, source.source));
  view.gaps = TRY(index.gaps(row.id));
  view.pages = TRY(index.pages(row.id));
  view.facts = TRY(index.facts(row.id));
  view.chapters = TRY(index.chapters(row.id));
  view.marks = TRY(index.marks(row.id));
  view.findings = TRY(index.findings_of_recording(row.id));
  view.others = TRY(index.other_records(row.id));
  return view;
}

Result<std::vector<RecordingView>> read_recordings(const IndexReader& index, const std::string& case_id) {
  std::vector<RecordingView> views;
  const auto rows = TRY(index.recordings_of(case_id));
  const auto includes = TRY(index.includes(case_id));
  for (const RecordingRow& row : rows) {
    views.push_back(TRY(read_recording(index, row)));
    for (const IncludeRow& include : includes)
      if (include.recording == row.id) views.back().role = include.role;
  }
  return views;
}

Json recording_json(const RecordingView& view) {
  const RecordingRow& row = view.row;
  Json json = {{"id", row.id},           {"kind", row.kind}, {"state", row.state},           {"opened_us", row.opened_at_us},
               {"head", row.head},       {"records", row.last_seq + 1}, {"gaps", view.gaps.size()}, {"sources", Json::array()}};
  for (const SourceRow& source : view.sources) json["sources"].push_back(source_json(view, source));
  json["films"] = Json::array();
  for (const std::string& film : film_names(view.sources)) json["films"].push_back(film_json(view, film));
  json["pages"] = list_of(view, view.pages, page_json);
  json["chapters"] = list_of(view, view.chapters, chapter_json);
  json["findings"] = list_of(view, view.findings, finding_json);
  if (!view.role.empty()) json["role"] = view.role;
  if (row.closed_at_us > 0) json["closed_us"] = row.closed_at_us;
  if (!row.close_reason.empty()) json["reason"] = row.close_reason;
  return json;
}

std::string title_of(const CaseRow& row) {
  for (const char* member : {"title", "product", "name"}) {
    const std::string text = string_or(row.opened, member, "");
    if (!text.empty()) return text;
  }
  return "";
}

}  // namespace netsampler
