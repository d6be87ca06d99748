#include "evidence/verify/withheld.h"

#include <algorithm>
#include <tuple>

namespace netsampler::verify {
namespace {

constexpr std::size_t kMostFiles = 200'000;
constexpr std::size_t kMostOpenings = 1'000'000;
constexpr std::size_t kReasonsTold = 8;

}  // namespace

std::string text_of(const WithheldCounts& counts) {
  std::string text;
  std::size_t told = 0;
  for (const auto& [reason, count] : counts) {
    if (++told > kReasonsTold) return text + "; …";
    text += (text.empty() ? "" : "; ") + std::to_string(count) + (reason.empty() ? "" : " (" + reason + ")");
  }
  return text;
}

const std::string* Withheld::kept(std::set<std::string>& texts, const std::string& text) { return &*texts.insert(text).first; }

std::size_t Withheld::bytes_for(const WithheldItem& item) const {
  constexpr std::size_t kNode = 80;  // of a tree, with its string
  const std::size_t reason = reasons_.contains(item.reason) ? 0 : kNode + item.reason.size();
  if (item.is_file()) return reason + kNode + sizeof(File) + item.path.size();
  return reason + sizeof(Place) + (paths_.contains(item.path) ? 0 : kNode + item.path.size());
}

Result<void> Withheld::add(const WithheldItem& item) {
  const bool first = last_path_.empty();
  if (!first && item.place() <= std::tie(last_path_, last_seq_, last_index_)) return fail(ErrorKind::invalid, "out of order: " + item.path);
  last_path_ = item.path, last_seq_ = item.seq, last_index_ = item.index;
  const std::string* reason = kept(reasons_, item.reason);
  if (item.is_file()) {
    const Hash sha256 = TRY(hash_from_hex(item.sha256));
    files_[item.path] = {item.bytes, sha256, reason};
  } else {
    openings_.push_back({kept(paths_, item.path), item.seq, item.index, reason});
  }
  if (files_.size() > kMostFiles || openings_.size() > kMostOpenings) return fail(ErrorKind::invalid, "longer than any such list is");
  return {};
}

bool Withheld::tells(Report& report, const std::string& path, const NamedFile& file) {
  const auto found = files_.find(path);
  if (found == files_.end()) return false;
  File& declared = found->second;
  const bool same = declared.bytes == file.bytes && hex_of(declared.sha256) == file.sha256;
  if (!same) report.add(Reason::withheld_list, path, "another size or hash than its record's");
  if (same && !declared.named) report.add(Reason::file_withheld, path, *declared.reason);
  declared.named = true;
  return true;
}

const std::string* Withheld::reason_of(const std::string& chain_path, std::int64_t seq, std::int64_t index) const {
  const auto before = [&](const Place& place, std::tuple<const std::string&, std::int64_t, std::int64_t> wanted) {
    return std::tie(*place.path, place.seq, place.index) < wanted;
  };
  const std::tuple<const std::string&, std::int64_t, std::int64_t> wanted{chain_path, seq, index};
  const auto found = std::lower_bound(openings_.begin(), openings_.end(), wanted, before);
  const bool is_it = found != openings_.end() && std::tie(*found->path, found->seq, found->index) == wanted;
  return is_it ? found->reason : nullptr;
}

void Withheld::finish(Job& job) const {
  for (const auto& [path, file] : files_) {
    if (job.tree.has(path))
      job.report.add(Reason::withheld_present, path, *file.reason);
    else if (!file.named)
      job.report.add(Reason::file_withheld, path, *file.reason + " (no record names it)");
  }
}

Result<Withheld> read_withheld(Job& job, bool asked) {
  Withheld withheld;
  if (!asked || !job.tree.has(kWithheldFile)) return withheld;
  std::string fault;
  std::int64_t lines = 0;
  const auto read = job.tree.lines(kWithheldFile, [&](std::string_view line) -> Result<void> {
    ++lines;
    if (!fault.empty()) return {};
    Result<void> taken;
    if (lines == 1) {
      const auto header = parse_withheld_header(line);
      if (!header.ok()) taken = header.error();
    } else {
      const auto item = parse_withheld_item(line);
      if (item.ok()) TRY(job.room.take(withheld.bytes_for(*item), "things withheld"));
      taken = item.ok() ? withheld.add(*item) : Result<void>(item.error());
    }
    if (!taken.ok()) fault = "line " + std::to_string(lines) + ": " + taken.error().text;
    return {};
  });
  if (!read.ok()) return read.error();
  if (fault.empty() && (lines == 0 || read->torn_bytes > 0 || read->too_long)) fault = "it does not end with a whole line";
  if (fault.empty()) return withheld;
  job.report.add(Reason::withheld_list, kWithheldFile, fault);
  return Withheld();
}

}  // namespace netsampler::verify
