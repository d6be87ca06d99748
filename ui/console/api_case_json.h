// A case as the web app reads it (schema Case in openapi.yaml), put together from the index.
#pragma once
#include <map>
#include <set>

#include "evidence/ledger/index_reader.h"

namespace netsampler {

// Everything the index has on one recording; read once a request.
struct RecordingView {
  RecordingRow row;
  std::vector<SourceRow> sources;
  std::map<std::string, std::vector<SegmentRow>> segments;  // by source
  std::vector<GapRow> gaps;
  std::vector<PageRow> pages;
  std::vector<FactRow> facts;
  std::vector<ChapterRow> chapters;
  std::vector<MarkRow> marks;
  std::vector<FindingRow> findings;
  std::vector<RecordRow> others;
  std::string role;  // as the case's book includes it; empty while it does not
};

Result<RecordingView> read_recording(const IndexReader& index, const RecordingRow& row);
Result<std::vector<RecordingView>> read_recordings(const IndexReader& index, const std::string& case_id);

// UTC of a moment of the recording, by the pair of clocks in its `open`.
std::int64_t utc_of(const RecordingRow& row, std::int64_t boot_us);
// A film's segments, one source behind the other.
std::vector<SegmentRow> film_segments(const RecordingView& view, const std::string& film);
// Where a moment lies on the playlists, [{"source","position_us"}], source: the film's name: all films, or the one that `only` belongs to.
Json positions(const RecordingView& view, std::int64_t boot_us, const std::string& only = "");

Json recording_json(const RecordingView& view);
// Gaps, findings and the interruption of a recording, in the order of time, each with its words (`told` in openapi.yaml).
Json told_json(const RecordingView& view, const std::vector<RecordRow>& book);
Json facts_json(const std::vector<RecordingView>& views, const std::vector<RecordRow>& book);
// The items 39-1 … 39-7, 40-1 … 40-5: satisfied where a chapter, a fact or an officer's mark names them, with the places in the video.
Json items_json(const std::vector<RecordingView>& views);
// Item ids with a place, for the counts of the list.
std::set<std::string> items_satisfied(const std::vector<ChapterRow>& chapters, const std::vector<FactRow>& facts,
                                      const std::vector<MarkRow>& marks);
std::size_t item_count();
// The title of a case in words, from what was stated at its opening; may be empty.
std::string title_of(const CaseRow& row);

}  // namespace netsampler
