#include "evidence/package/payload.h"

#include <algorithm>
#include <functional>
#include <set>

#include "evidence/base/present.h"
#include "evidence/format/key_change.h"
#include "evidence/format/names.h"
#include "evidence/format/private.h"
#include "evidence/package/chain_mask.h"

namespace netsampler {
namespace {

constexpr std::size_t kTextLimit = std::size_t{1} << 30;
constexpr std::size_t kMostLeftOut = 200'000;  // the verifier's own bounds
constexpr std::size_t kMostOpenings = 1'000'000;

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

// Puts one recording or the book into the payload: `from` on the disk, `base` in the package.
class DirectoryMask {
 public:
  DirectoryMask(const FileSystem& disk, const CaseSource& source, Mask& mask, std::string from, std::string base, Payload& payload)
      : disk_(disk), source_(source), mask_(mask), from_(std::move(from)), base_(std::move(base)), chain_(mask, base_), payload_(payload) {}

  void chain(std::string_view text) {
    each_line(text, [&](std::string_view line) {
      chain_.take(line);
      return true;
    });
    chain_.finish();
  }

  // private.jsonl under the mask. What is not clearly to be shown is withheld, or dropped where it is no opening at all.
  Result<void> openings(std::int64_t last_seq) {
    if (!TRY(present(disk_, from_ + "/private.jsonl"))) return {};
    const std::string text = TRY(read_text("private.jsonl"));
    std::string kept;
    const std::size_t end = each_line(text, [&](std::string_view line) {
      kept += opening(line, last_seq);
      return true;
    });
    // A torn end is a writer's, of a record that never was; in a recording that goes along whole it is evidence of where the writing stopped.
    if (mask_.profile() == "full" && last_seq == INT64_MAX) kept += text.substr(end);
    put_text("private.jsonl", std::move(kept));
    return {};
  }

  void put_text(const std::string& name, std::string text) {
    const auto bytes = static_cast<std::int64_t>(text.size());
    payload_.files.push_back({base_ + "/" + name, "", std::move(text), bytes});
  }

  Result<std::string> read_text(const std::string& name) {
    const std::string path = from_ + "/" + name;
    if (!TRY(present(disk_, path))) return std::string();
    const Bytes bytes = TRY(disk_.read(path, kTextLimit));
    const auto expected = source_.expected.find(base_ + "/" + name);
    const bool as_listed = source_.expected.empty() || (expected != source_.expected.end() && expected->second == sha256(bytes));
    if (!as_listed)
      return fail(ErrorKind::invalid, path + " is not as its manifest says (verify the package first)");
    return std::string(as_text(bytes));
  }

  // All that lies in the directory but `apart`, which was written from text.
  Result<void> directory(const std::string& apart) {
    for (const auto& name : TRY(walk(disk_, from_)))
      if (name != apart) TRY(file(name));
    return {};
  }

  // Files that the book names up to its cut; a file of a later record stays at home.
  Result<void> named_files() {
    for (const auto& [path, named] : chain_.files())
      if (TRY(present(disk_, from_ + "/" + path))) TRY(file(path));
    return {};
  }

 private:
  // The line that goes along for this one, with its newline; empty: none.
  std::string opening(std::string_view line, std::int64_t last_seq) {
    const auto opening = parse_opening(line);
    const std::string as_it_is = std::string(line) + "\n";
    if (!opening.ok()) return mask_.profile() == "full" ? as_it_is : "";
    if (opening->seq > std::min(last_seq, mask_.profile() == "full" ? INT64_MAX : chain_.last_seq())) return "";
    if (opening->withheld) return as_it_is;
    const std::string why = chain_.opening(opening->seq, opening->field);
    if (why.empty()) return as_it_is;
    payload_.openings.push_back({base_ + "/private.jsonl", opening->seq, opening->index, 0, "", mask_.by(), why});
    return withheld_line(*opening) + "\n";
  }

  Result<void> file(const std::string& name) {
    const std::string path = base_ + "/" + name, from = from_ + "/" + name;
    const auto named = chain_.files().find(name);
    const std::string why = name == "chain.jsonl" ? "" : named != chain_.files().end() ? named->second.why : chain_.unnamed(name);
    const FileInfo info = TRY(disk_.info(from));
    if (why.empty()) return goes_along(path, from, info.bytes);
    if (!is_withheld_path(path)) return {};
    WithheldItem item{path, -1, -1, info.bytes, "", mask_.by(), why};
    if (named != chain_.files().end()) item.bytes = named->second.file.bytes, item.sha256 = named->second.file.sha256;
    payload_.left_out.push_back({std::move(item), from});
    return {};
  }

  Result<void> goes_along(const std::string& path, const std::string& from, std::int64_t bytes) {
    PayloadFile file{path, from, "", bytes};
    const auto expected = source_.expected.find(path);
    if (expected != source_.expected.end()) file.expected = expected->second;
    if (!file.expected && !source_.expected.empty()) return fail(ErrorKind::invalid, from + " is not in the manifest (verify the package first)");
    payload_.files.push_back(std::move(file));
    return {};
  }

  const FileSystem& disk_;
  const CaseSource& source_;
  Mask& mask_;
  const std::string from_, base_;
  ChainMask chain_;
  Payload& payload_;
};

Result<void> add_recording(const FileSystem& disk, const CaseSource& source, const std::string& id, Mask& mask, Payload& payload) {
  const std::string from = source.recordings + "/" + id;
  if (!exists(disk, from)) return {};  // the verifier names it as missing
  DirectoryMask recording(disk, source, mask, from, "data/recordings/" + id, payload);
  if (mask.withholds_nothing()) return recording.directory("");
  const std::string chain = TRY(recording.read_text("chain.jsonl"));
  recording.chain(chain);
  TRY(recording.openings(INT64_MAX));
  return recording.directory("private.jsonl");
}

// What was withheld before stays declared, where it is still absent.
void carry_over(const CaseSource& source, Payload& payload) {
  for (const auto& item : source.withheld_before) {
    if (item.is_file())
      payload.left_out.push_back({item, ""});
    else
      payload.openings.push_back(item);
  }
}

}  // namespace

Result<std::string> last_head(const FileSystem& disk, const std::string& book_path) {
  const Bytes bytes = TRY(disk.read(book_path, kTextLimit));
  std::string head;
  each_line(as_text(bytes), [&](std::string_view line) {
    head = hex_of(line_hash(line));
    return true;
  });
  if (head.empty()) return fail(ErrorKind::invalid, book_path + " has no whole line");
  return head;
}

namespace {

// The key that a book has from this record on, where it brings one.
void follow_key(const Record& record, PublicKey& key) {
  const auto named = public_key_from_base64(string_or(record.body, "box_key", ""));
  if (record.head.type == "case_open" && named.ok()) key = *named;
  const auto changes = record.body.find("changes");
  if (record.head.type != "key_change" || changes == record.body.end()) return;
  const auto history = key_history_from(*changes);
  if (history.ok() && key_history_holds(*history) && history->front().old_key == key) key = history->back().box_key;
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
    if (record.ok()) cut.last_seq = record->head.seq, cut.at_us = record->head.at_us, follow_key(*record, cut.box_key);
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

Result<Payload> payload_of(const FileSystem& disk, const CaseSource& source, const BookCut& cut, Mask& mask) {
  Payload payload;
  DirectoryMask book(disk, source, mask, source.case_directory, "data/case", payload);
  book.chain(cut.text);
  book.put_text("book.jsonl", cut.text);
  TRY(book.openings(cut.last_seq));
  TRY(book.named_files());
  for (const auto& id : cut.recordings) TRY(add_recording(disk, source, id, mask, payload));
  carry_over(source, payload);
  if (payload.left_out.size() > kMostLeftOut) return fail(ErrorKind::full, "more files would be withheld than a package may declare");
  if (payload.openings.size() > kMostOpenings) payload.openings.resize(kMostOpenings);  // the others are withheld without a reason
  std::sort(payload.files.begin(), payload.files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return payload;
}

}  // namespace netsampler
