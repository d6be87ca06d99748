// netsampler case new|list|show|close.
#include <algorithm>
#include <iostream>
#include <memory>

#include "evidence/base/clock.h"
#include "evidence/base/crypto.h"
#include "evidence/format/told.h"
#include "evidence/ledger/client.h"
#include "evidence/ledger/index_reader.h"
#include "ui/cli/command.h"

namespace netsampler {
namespace {

struct CaseOptions {
  std::string state, id, title, product, actor = "admin", note;
  bool json = false;
};

Result<int> make(const CaseOptions& options) {
  const SystemClock clock;
  std::string id = options.id;
  if (id.empty()) id = beijing_time(clock.utc_us()).substr(0, 10) + "-" + random_id(6);
  Json opened = Json::object();
  if (!options.title.empty()) opened["title"] = options.title;
  if (!options.product.empty()) opened["product"] = options.product;
  LedgerClient ledger = TRY(LedgerClient::connect(StatePaths(options.state).ledger_socket));
  TRY(ledger.case_open(id, options.actor, Json::object(), opened));
  std::cout << (options.json ? print(Json{{"case", id}}) : id) << "\n";
  return 0;
}

Json json_of(const CaseRow& row, std::size_t recordings) {
  return {{"id", row.id},
          {"title", string_or(row.opened, "title", "")},
          {"product", string_or(row.opened, "product", "")},
          {"opened_at_us", row.opened_at_us},
          {"records", row.last_seq + 1},
          {"recordings", recordings},
          {"head", row.head}};
}

Result<int> list(const CaseOptions& options) {
  const IndexReader index = TRY(IndexReader::open(StatePaths(options.state).index));
  const auto cases = TRY(index.cases());
  Json rows = Json::array();
  for (const auto& row : cases) {
    const auto recordings = TRY(index.recordings_of(row.id));
    rows.push_back(json_of(row, recordings.size()));
    if (!options.json)
      std::cout << row.id << "  " << beijing_time(row.opened_at_us) << "  " << recordings.size() << " 录像 / recordings  "
                << string_or(row.opened, "title", "") << "\n";
  }
  if (options.json) std::cout << print(Json{{"cases", rows}}) << "\n";
  return 0;
}

// What the box found wanting and wrote into the case's book.
Result<Json> findings_of(const IndexReader& index, const std::string& case_id) {
  Json findings = Json::array();
  for (const auto& record : TRY(index.book_records(case_id))) {
    if (record.type != "finding") continue;
    Json row{{"at_us", record.at_us}};
    for (const char* name : {"code", "severity", "recording", "cause", "last_seq", "last_us", "torn_bytes", "count"})
      if (record.body.contains(name)) row[name] = record.body[name];
    findings.push_back(std::move(row));
  }
  return findings;
}

std::string both(Told what, const std::string& word) { return told_words(what, word, true) + " / " + told_words(what, word, false); }

std::string line_of(const Json& finding) {
  const std::string code = string_or(finding, "code", "");
  std::string text = beijing_time(int_or(finding, "at_us", 0)) + "  " + both(Told::finding, code);
  if (finding.contains("recording")) text += "  " + string_or(finding, "recording", "");
  if (finding.contains("cause")) text += "  " + both(Told::interruption, string_or(finding, "cause", ""));
  if (finding.contains("last_us"))
    text += "  末条记录 / last record " + std::to_string(int_or(finding, "last_seq", 0)) + ", " + beijing_time(int_or(finding, "last_us", 0));
  return text;
}

Result<int> show(const CaseOptions& options) {
  const IndexReader index = TRY(IndexReader::open(StatePaths(options.state).index));
  const CaseRow row = TRY(index.case_of(options.id));
  const auto recordings = TRY(index.recordings_of(options.id));
  Json answer = json_of(row, recordings.size());
  answer["recordings"] = Json::array();
  for (const auto& one : recordings)
    answer["recordings"].push_back({{"id", one.id}, {"kind", one.kind}, {"state", one.state}, {"segments", one.segments},
                                    {"opened_at_us", one.opened_at_us}, {"head", one.head}});
  answer["findings"] = TRY(findings_of(index, options.id));
  if (options.json) {
    std::cout << print(answer) << "\n";
    return 0;
  }
  std::cout << row.id << "  " << string_or(row.opened, "title", "") << "\n立案 / opened: " << beijing_time(row.opened_at_us) << "\n";
  for (const auto& one : recordings)
    std::cout << "  " << one.id << "  " << one.kind << "  " << one.state << "  " << one.segments << " 段 / segments\n";
  for (const Json& finding : answer["findings"]) std::cout << "  " << line_of(finding) << "\n";
  return 0;
}

Result<int> end(const CaseOptions& options) {
  LedgerClient ledger = TRY(LedgerClient::connect(StatePaths(options.state).ledger_socket));
  Json opened = Json::object();
  if (!options.note.empty()) opened["note"] = options.note;
  TRY(ledger.book_append(options.id, "decision", options.actor, {{"decision", "case-closed"}}, opened));
  std::cout << "已结案 / closed: " << options.id << "\n";
  return 0;
}

}  // namespace

void add_case(CommandPlace place) {
  auto options = std::make_shared<CaseOptions>();
  CLI::App* made = add_action(place, options, "new", "立案 / open a case; prints its id", make);
  made->add_option("--case", options->id, "id of your own: letters, digits, . _ - (default: date and six letters)");
  made->add_option("--title", options->title, "title (kept apart from the public record)");
  made->add_option("--product", options->product, "product to be sampled");
  add_action(place, options, "list", "列出案件 / list the cases", list);
  CLI::App* shown = add_action(place, options, "show", "查看案件 / show a case", show);
  CLI::App* closed = add_action(place, options, "close", "结案 / close a case; its book stays open for objections", end);
  for (CLI::App* action : {shown, closed}) action->add_option("CASE", options->id)->required();
  closed->add_option("--note", options->note, "why");
  for (CLI::App* action : {made, closed}) action->add_option("--actor", options->actor, "account that decides");
}

}  // namespace netsampler
