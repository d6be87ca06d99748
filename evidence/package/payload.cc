#include "evidence/package/payload.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "evidence/base/present.h"
#include "evidence/format/names.h"
#include "evidence/format/private.h"
#include "evidence/package/profile.h"

namespace netsampler {
namespace {

constexpr std::size_t kTextLimit = std::size_t{1} << 30;

Result<std::string> read_text(const FileSystem& disk, const std::string& path) {
  if (!TRY(present(disk, path))) return std::string();
  const Bytes bytes = TRY(disk.read(path, kTextLimit));
  return std::string(as_text(bytes));
}

// Calls `each` for every whole line; it says whether to go on. Returns where the last line that was read ends.
std::size_t each_line(std::string_view text, const std::function<bool(std::string_view)>& each) {
  std::size_t at = 0;
  for (std::size_t end; (end = text.find('\n', at)) != std::string_view::npos;) {
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (!each(line)) break;
  }
  return at;
}

// For each record with personal members, by seq: may they be shown? Lines that are no records are passed over: they travel as they
// are, and the verifier judges them.
std::map<std::int64_t, bool> shown_records(std::string_view chain, const std::string& profile) {
  std::map<std::int64_t, bool> shown;
  each_line(chain, [&](std::string_view line) {
    const auto record = parse_record(line);
    if (record.ok() && record->head.private_count > 0) shown[record->head.seq] = shows(profile, *record);
    return true;
  });
  return shown;
}

// private.jsonl under a profile, up to the chain's last record. What is not clearly to be shown is withheld, or dropped where it is
// no opening at all.
std::string masked(std::string_view openings, const std::map<std::int64_t, bool>& shown, std::int64_t last_seq, const std::string& profile) {
  std::string text;
  each_line(openings, [&](std::string_view line) {
    const auto opening = parse_opening(line);
    if (opening.ok() && opening->seq > last_seq && profile != "full") return true;
    const auto known = opening.ok() ? shown.find(opening->seq) : shown.end();
    const bool open = profile == "full" || (known != shown.end() && known->second);
    if (open || (opening.ok() && opening->withheld))
      text += std::string(line) + "\n";
    else if (opening.ok())
      text += withheld_line(*opening) + "\n";
    return true;
  });
  return text;
}

PayloadFile text_file(const std::string& path, std::string text) {
  const auto bytes = static_cast<std::int64_t>(text.size());
  return {path, "", std::move(text), bytes};
}

Result<void> add_directory(const FileSystem& disk, const std::string& from, const std::string& to, const std::set<std::string>& apart,
                           const std::string& profile, std::vector<PayloadFile>& files) {
  for (const auto& name : TRY(walk(disk, from))) {
    if (apart.contains(name) || !shows_file(profile, name)) continue;
    const FileInfo info = TRY(disk.info(from + "/" + name));
    files.push_back({to + "/" + name, from + "/" + name, "", info.bytes});
  }
  return {};
}

Result<void> add_recording(const FileSystem& disk, const std::string& root, const std::string& id, const std::string& profile,
                           std::vector<PayloadFile>& files) {
  const std::string from = root + "/" + id, to = "data/recordings/" + id;
  if (!exists(disk, from)) return {};  // the verifier names it as missing
  if (profile == "full") return add_directory(disk, from, to, {}, profile, files);
  const std::string chain = TRY(read_text(disk, from + "/chain.jsonl"));
  const std::string openings = TRY(read_text(disk, from + "/private.jsonl"));
  const auto shown = shown_records(chain, profile);
  files.push_back(text_file(to + "/private.jsonl", masked(openings, shown, INT64_MAX, profile)));
  return add_directory(disk, from, to, {"private.jsonl"}, profile, files);
}

// Openings of the book up to its last record: later ones belong to what came after the cut.
std::string book_openings(std::string_view openings, std::int64_t last_seq) {
  std::string text;
  each_line(openings, [&](std::string_view line) {
    const auto opening = parse_opening(line);
    if (!opening.ok() || opening->seq <= last_seq) text += std::string(line) + "\n";
    return true;
  });
  return text;
}

// Files that the cut book names; a file of a later record stays at home.
Result<void> add_book_files(const FileSystem& disk, const std::string& from, const BookCut& cut, const std::string& profile,
                            std::vector<PayloadFile>& files) {
  std::set<std::string> named;
  each_line(cut.text, [&](std::string_view line) {
    const auto record = parse_record(line);
    const auto list = record.ok() ? files_of(record->body) : Result<std::vector<NamedFile>>(std::vector<NamedFile>());
    if (list.ok())
      for (const auto& file : *list) named.insert(file.path);
    return true;
  });
  for (const auto& path : named) {
    if (!exists(disk, from + "/" + path) || !shows_file(profile, path)) continue;
    const FileInfo info = TRY(disk.info(from + "/" + path));
    files.push_back({"data/case/" + path, from + "/" + path, "", info.bytes});
  }
  return {};
}

}  // namespace

Result<BookCut> cut_book(const FileSystem& disk, const std::string& book_path, const std::string& head) {
  const Bytes bytes = TRY(disk.read(book_path, kTextLimit));
  const std::string_view whole = as_text(bytes);
  BookCut cut;
  std::set<std::string> recordings;
  bool reached = false;
  const std::size_t end = each_line(whole, [&](std::string_view line) {
    const auto record = parse_record(line);
    if (record.ok()) cut.last_seq = record->head.seq, cut.at_us = record->head.at_us;
    const std::string included = record.ok() && record->head.type == "include" ? string_or(record->body, "recording", "") : "";
    if (is_recording_id(included)) recordings.insert(included);
    reached = hex_of(line_hash(line)) == head;
    return !reached;
  });
  if (!reached) return fail(ErrorKind::invalid, "the book " + book_path + " has no record with head " + head);
  cut.text = std::string(whole.substr(0, end));
  cut.recordings.assign(recordings.begin(), recordings.end());
  return cut;
}

Result<std::vector<PayloadFile>> payload_of(const FileSystem& disk, const std::string& data_root, const std::string& case_id,
                                            const BookCut& cut, const std::string& profile) {
  const std::string from = data_root + "/cases/" + case_id;
  std::vector<PayloadFile> files{text_file("data/case/book.jsonl", cut.text)};
  const std::string openings = TRY(read_text(disk, from + "/private.jsonl"));
  const std::string kept = book_openings(openings, cut.last_seq);
  files.push_back(text_file("data/case/private.jsonl", masked(kept, shown_records(cut.text, profile), cut.last_seq, profile)));
  TRY(add_book_files(disk, from, cut, profile, files));
  for (const auto& id : cut.recordings) TRY(add_recording(disk, data_root + "/recordings", id, profile, files));
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

}  // namespace netsampler
