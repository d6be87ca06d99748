#include "evidence/fsck/damage.h"

#include <algorithm>
#include <array>

#include "evidence/format/names.h"
#include "evidence/format/public_text.h"
#include "evidence/verify/tree.h"

namespace netsampler {
namespace {

using verify::Reason;

constexpr const char* kBoxBook = "box";
constexpr std::array kAbsent{Reason::file_missing, Reason::private_missing, Reason::log_missing, Reason::recording_missing};

bool is_damage(const verify::Finding& finding, bool chains_only) {
  const Reason reason = finding.reason;
  if (reason == Reason::recorded_broken) return false;                          // told when it happened
  if (chains_only && reason == Reason::file_missing) return false;              // bulk files are looked at by directory
  if (reason == Reason::recording_missing) return chains_only && !finding.detail.empty();  // a book names it
  for (const Reason absent : kAbsent)
    if (reason == absent) return true;
  return verify::row_of(reason).severity == verify::Severity::broken;
}

// "recordings/x/chain.jsonl seq 3" → "recordings/x/chain.jsonl": names of evidence have no space.
std::string path_of(const std::string& where) { return where.substr(0, where.find(' ')); }

// Findings about files that a record names.
constexpr std::array kOfNamedFiles{Reason::file_missing, Reason::file_changed, Reason::sm3_changed, Reason::media_shape, Reason::media_mismatch};

bool is_of_named_file(Reason reason) { return std::find(kOfNamedFiles.begin(), kOfNamedFiles.end(), reason) != kOfNamedFiles.end(); }

Damage placed(const std::string& path, Reason reason) {
  std::string found(verify::row_of(reason).code);
  Damage damage{"", "", "", std::move(found)};
  const auto first = path.find('/');
  const auto second = path.find('/', first == std::string::npos ? first : first + 1);
  const std::string id = second == std::string::npos ? "" : path.substr(first + 1, second - first - 1);
  std::string rest = path;
  if (path.starts_with("recordings/") && is_recording_id(id)) damage.recording = id, rest = path.substr(second + 1);
  if (path.starts_with("cases/") && is_case_id(id)) damage.book = id, rest = path.substr(second + 1);
  if (!is_record_path(rest)) return damage;
  if (is_public_text(rest, MemberType::phrase))
    damage.path = rest;
  else if (is_of_named_file(reason))
    damage.path_sha256 = hex_of(sha256(as_bytes(rest)));
  return damage;
}

}  // namespace

std::set<Damage> damage_in(const verify::Report& report, const std::string& base) {
  std::set<Damage> found;
  for (const auto& finding : report.findings) {
    if (!is_damage(finding, base.empty())) continue;
    const std::string code(verify::row_of(finding.reason).code);
    const bool told_by_book = finding.reason == Reason::recording_missing || finding.reason == Reason::include_head;
    if (told_by_book && is_recording_id(finding.detail))
      found.insert({finding.detail, "", "chain.jsonl", code});
    else
      found.insert(placed(base.empty() ? path_of(finding.where) : base + "/" + path_of(finding.where), finding.reason));
  }
  return found;
}

Json body_of(const Damage& damage) {
  Json body{{"code", "damaged"}, {"severity", "note"}, {"found", damage.found}};
  if (!damage.recording.empty()) body["recording"] = damage.recording;
  if (!damage.path.empty()) body["path"] = damage.path;
  if (!damage.path_sha256.empty()) body["path_sha256"] = damage.path_sha256;
  return body;
}

std::optional<Damage> known_from(const std::string& book, const Json& body) {
  if (string_or(body, "code", "") != "damaged") return std::nullopt;
  Damage damage{string_or(body, "recording", ""), "", string_or(body, "path", ""), string_or(body, "found", ""), string_or(body, "path_sha256", "")};
  if (damage.recording.empty() && book != kBoxBook) damage.book = book;
  return damage;
}

Result<BookKnowledge> BookKnowledge::read(const FileSystem& disk, const std::string& data_root) {
  BookKnowledge all;
  if (const auto ids = disk.list(data_root + "/cases"); ids.ok())
    for (const auto& id : *ids)
      if (is_case_id(id)) TRY(all.take_book(disk, data_root, id));
  const auto ids = disk.list(data_root + "/recordings");
  if (!ids.ok()) return all;
  for (const auto& id : *ids) {
    const auto tree = verify::Tree::scan(disk, data_root + "/recordings/" + id, false);
    const auto line = tree.ok() && tree->has("chain.jsonl") ? tree->first_line("chain.jsonl") : Result<std::string>(std::string());
    const auto record = parse_record(line.value_or(""));
    const std::string tag = record.ok() ? string_or(record->body, "case_tag", "") : "";
    if (const auto known = all.tags_.find(tag); known != all.tags_.end()) all.cases_[id].insert(known->second);
  }
  return all;
}

// A line that is no record is the verifier's to tell.
Result<void> BookKnowledge::take_book(const FileSystem& disk, const std::string& data_root, const std::string& id) {
  const verify::Tree tree = TRY(verify::Tree::scan(disk, data_root + "/cases/" + id, false));
  if (!tree.has("book.jsonl")) return {};
  TRY(tree.lines("book.jsonl", [&](std::string_view line) -> Result<void> {
    const auto record = parse_record(line);
    if (record.ok()) take_record(id, *record);
    return {};
  }));
  return {};
}

void BookKnowledge::take_record(const std::string& book, const Record& record) {
  const Json& body = record.body;
  if (record.head.type == "case_open") {
    const auto tag = chain_tag(string_or(body, "nonce", ""), book);
    if (tag.ok()) tags_[hex_of(*tag)] = book;
  }
  if (record.head.type == "include") cases_[string_or(body, "recording", "")].insert(book);
  if (record.head.type != "finding") return;
  for (const Json& value : body.value("orphans", Json::array()))
    if (const auto file = named_file_from(value); file.ok()) orphans_[string_or(body, "recording", "")].push_back(*file);
  if (const auto damage = known_from(book, body)) learn(book, *damage);
}

const std::vector<NamedFile>& BookKnowledge::orphans_of(const std::string& recording) const {
  static const std::vector<NamedFile> none;
  const auto found = orphans_.find(recording);
  return found == orphans_.end() ? none : found->second;
}

std::set<std::string> BookKnowledge::cases_of(const std::string& recording) const {
  const auto found = cases_.find(recording);
  return found == cases_.end() ? std::set<std::string>() : found->second;
}

std::set<std::string> BookKnowledge::recordings_of(const std::string& case_id) const {
  std::set<std::string> found;
  for (const auto& [recording, cases] : cases_)
    if (cases.contains(case_id)) found.insert(recording);
  return found;
}

bool BookKnowledge::knows(const std::string& book, const Damage& damage) const {
  const auto found = known_.find(book);
  return found != known_.end() && found->second.contains(damage);
}

}  // namespace netsampler
