// The list of cases, and one case whole.
#include "evidence/base/crypto.h"
#include "ui/console/api_case_json.h"
#include "ui/console/api_heads.h"
#include "ui/console/api_routes.h"

namespace netsampler {
namespace {

struct Counts {
  std::int64_t open = 0, interrupted = 0, facts = 0;
  std::set<std::string> items;
};

Result<Counts> counts_of(const IndexReader& index, const std::vector<RecordingRow>& recordings) {
  Counts counts;
  for (const RecordingRow& row : recordings) {
    const auto facts = TRY(index.facts(row.id));
    const auto chapters = TRY(index.chapters(row.id));
    const auto marks = TRY(index.marks(row.id));
    counts.open += row.state == "open", counts.interrupted += row.state == "interrupted";
    counts.facts += static_cast<std::int64_t>(facts.size());
    counts.items.merge(items_satisfied(chapters, facts, marks));
  }
  return counts;
}

Result<Json> row_json(const IndexReader& index, const CaseRow& row, Verifications& verifications) {
  const auto recordings = TRY(index.recordings_of(row.id));
  const Counts counts = TRY(counts_of(index, recordings));
  Json json = {{"id", row.id},
               {"title", title_of(row)},
               {"state", "open"},
               {"opened_us", row.opened_at_us},
               {"recordings", recordings.size()},
               {"open_recordings", counts.open},
               {"interrupted", counts.interrupted},
               {"facts", counts.facts},
               {"items_satisfied", counts.items.size()},
               {"items_total", item_count()}};
  const std::string verdict = verifications.known_verdict(row.id, heads_of(row, recordings));
  if (!verdict.empty()) json["verdict"] = verdict;
  return json;
}

Json book_json(const std::vector<RecordRow>& records) {
  Json list = Json::array();
  for (const RecordRow& r : records) {
    Json body = r.body;
    if (r.opened.is_object()) body.update(r.opened);
    body.erase("nonce");
    list.push_back({{"seq", r.seq}, {"type", r.type}, {"actor", r.actor}, {"at_us", r.at_us}, {"body", body}});
  }
  return list;
}

}  // namespace

Result<HttpReply> get_cases(Call& call) {
  const IndexReader index = TRY(call.console.index());
  const auto rows = TRY(index.cases());
  Json list = Json::array();
  for (const CaseRow& row : rows) list.push_back(TRY(row_json(index, row, call.console.verifications)));
  return reply_json({{"cases", list}});
}

Result<HttpReply> get_case(Call& call) {
  const IndexReader index = TRY(call.console.index());
  const CaseRow row = TRY(index.case_of(call.names["case"]));
  const auto views = TRY(read_recordings(index, row.id));
  const auto book = TRY(index.book_records(row.id));
  Json json = {{"id", row.id}, {"title", title_of(row)}, {"state", "open"}, {"opened_us", row.opened_at_us}, {"head", row.head}};
  json["details"] = row.opened.is_object() ? row.opened : Json::object();
  json["recordings"] = Json::array();
  for (const RecordingView& view : views) {
    json["recordings"].push_back(recording_json(view));
    json["recordings"].back()["told"] = told_json(view, book);
  }
  json["facts"] = facts_json(views, book);
  json["items"] = items_json(views);
  json["book"] = book_json(book);
  return reply_json(json);
}

}  // namespace netsampler
