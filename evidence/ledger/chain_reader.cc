#include "evidence/ledger/chain_reader.h"

#include <map>

#include "evidence/base/present.h"

namespace netsampler {
namespace {

Result<Bytes> read_or_empty(const FileSystem& disk, const std::string& path) {
  if (!TRY(present(disk, path))) return Bytes();
  return disk.read(path, kChainBytes);
}

// field → value by seq, and for each seq where its last line ends.
struct PrivateLines {
  struct Group {
    Json opened = Json::object();
    std::int64_t count = 0;  // its lines, withheld ones too
  };
  std::map<std::int64_t, Group> groups;
  std::vector<std::pair<std::int64_t, std::size_t>> ends;  // {seq, offset behind its newline}, in file order
};

PrivateLines read_private(std::string_view text) {
  PrivateLines lines;
  std::size_t at = 0;
  for (std::size_t end; (end = text.find('\n', at)) != std::string_view::npos; at = end + 1) {
    const auto opening = parse_opening(text.substr(at, end - at));
    if (!opening.ok()) break;
    PrivateLines::Group& group = lines.groups[opening->seq];
    ++group.count;
    if (!opening->withheld) group.opened[opening->field] = opening->value;
    lines.ends.emplace_back(opening->seq, end + 1);
  }
  return lines;
}

class Scanner {
 public:
  Scanner(PrivateLines lines, const std::function<Result<void>(const IndexEntry&)>& visit)
      : private_(std::move(lines)), visit_(visit) {}

  // Whole lines until one is no record in its place.
  Result<void> read(std::string_view text, ChainScan& scan) {
    std::size_t at = 0;
    for (std::size_t end; (end = text.find('\n', at)) != std::string_view::npos; at = end + 1) {
      const std::string_view line = text.substr(at, end - at);
      const auto record = parse_record(line);
      if (const auto why = wrong(record, scan.position)) {
        scan.damage = "line " + std::to_string(scan.position.next_seq + 1) + ": " + *why;
        return {};
      }
      TRY(take(*record, line, end + 1, scan));
    }
    scan.torn.assign(text.begin() + static_cast<std::ptrdiff_t>(at), text.end());
    return {};
  }

 private:
  static std::optional<std::string> wrong(const Result<Record>& record, const ChainPosition& position) {
    if (!record.ok()) return record.error().text;
    if (record->head.seq != position.next_seq) return "seq is not the next one";
    if (record->head.prev != position.head) return "prev is not the hash of the line before";
    return std::nullopt;
  }

  Result<void> take(const Record& record, std::string_view line, std::size_t end, ChainScan& scan) {
    scan.position.head = line_hash(line);
    scan.position.bytes = static_cast<std::int64_t>(end);
    scan.position.next_seq = record.head.seq + 1;
    scan.position.times.take(stamp_of(record.head));
    const PrivateLines::Group none;
    const auto found = private_.groups.find(record.head.seq);
    const PrivateLines::Group& group = found == private_.groups.end() ? none : found->second;
    if (group.count < record.head.private_count && !scan.unopened_seq) scan.unopened_seq = record.head.seq;
    return visit_({record, group.opened, hex_of(scan.position.head), scan.position.bytes});
  }

  PrivateLines private_;
  const std::function<Result<void>(const IndexEntry&)>& visit_;
};

}  // namespace

Result<ChainScan> scan_chain(const FileSystem& disk, const std::string& directory, const std::string& name,
                             const std::function<Result<void>(const IndexEntry&)>& visit) {
  const Bytes chain = TRY(read_or_empty(disk, directory + "/" + name));
  const Bytes openings = TRY(read_or_empty(disk, directory + "/private.jsonl"));
  PrivateLines lines = read_private(as_text(openings));
  const auto ends = lines.ends;
  ChainScan scan;
  TRY(Scanner(std::move(lines), visit).read(as_text(chain), scan));
  for (const auto& [seq, end] : ends) {
    if (seq >= scan.position.next_seq) break;
    scan.private_good_bytes = end;
  }
  scan.private_rest.assign(openings.begin() + static_cast<std::ptrdiff_t>(scan.private_good_bytes), openings.end());
  return scan;
}

}  // namespace netsampler
