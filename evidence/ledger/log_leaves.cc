#include "evidence/ledger/log_leaves.h"

#include "evidence/format/names.h"

namespace netsampler {
namespace {

bool is_first(const Record& record) { return record.head.type == "open" || record.head.type == "case_open"; }

}  // namespace

Result<LogLeaves::Tags> LogLeaves::learn(const Record& first) {
  if (!is_first(first)) return fail(ErrorKind::invalid, "the chain of " + first.head.owner + " does not begin with its first record");
  Tags tags;
  tags.tag = TRY(chain_tag(string_or(first.body, "nonce", ""), first.head.owner));
  const std::string of_case = string_or(first.body, "case_tag", "");
  if (first.head.chain == ChainKind::book) tags.case_tag = tags.tag;
  if (first.head.chain == ChainKind::recording && !of_case.empty()) tags.case_tag = TRY(hash_from_hex(of_case));
  known_[{first.head.chain, first.head.owner}] = tags;
  return tags;
}

std::optional<LogLeaf> LogLeaves::leaf_of(const IndexEntry& entry) {
  const Envelope& head = entry.record.head;
  if (is_first(entry.record) && !learn(entry.record).ok()) return std::nullopt;
  const auto known = known_.find({head.chain, head.owner});
  const auto line = hash_from_hex(entry.head);
  if (known == known_.end() || !line.ok() || head.type == "token") return std::nullopt;
  const LogLeaf leaf{head.chain, known->second.tag, known->second.case_tag, *line, head.seq};
  if (head.type == "close") known_.erase(known);
  return leaf;
}

Result<LogLeaf> LogLeaves::leaf_of(const Record& first, const ChainEnd& end) {
  const Tags tags = TRY(learn(first));
  const Hash head = TRY(hash_from_hex(end.head));
  if (first.head.chain == ChainKind::recording) known_.erase({first.head.chain, first.head.owner});  // nobody goes on with it
  return LogLeaf{first.head.chain, tags.tag, tags.case_tag, head, end.last_seq};
}

Result<std::optional<Record>> first_record(const FileSystem& disk, const std::string& path) {
  std::string line = TRY(first_line(disk, path, kLineBytes));
  if (!line.ends_with('\n')) return std::optional<Record>();
  line.pop_back();
  return std::optional<Record>(TRY(parse_record(line)));
}

}  // namespace netsampler
