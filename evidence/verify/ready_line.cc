#include "evidence/verify/ready_line.h"

#include "evidence/verify/job.h"

namespace netsampler::verify {
namespace {

// The digests of the files that it names are then known to the tree. A failure to read comes again when they are judged.
void read_files(const Tree& tree, const LineNeeds& needs, const Record& record) {
  const auto files = files_of(record.body);
  if (!files.ok()) return;
  for (const NamedFile& file : *files)
    if (const std::string path = below(needs.base, file.path); tree.has(path)) (void)tree.digest(path).ok();
}

std::optional<Result<SegmentFacts>> read_media(const Tree& tree, const LineNeeds& needs, const Record& record) {
  const auto init = needs.inits->find(string_or(record.body, "source", ""));
  const auto member = record.body.find("file");
  if (init == needs.inits->end() || member == record.body.end()) return std::nullopt;
  const auto file = named_file_from(*member);
  const std::string path = file.ok() ? below(needs.base, file->path) : "";
  if (!file.ok() || !tree.has(path)) return std::nullopt;
  SegmentReader reader(init->second);
  if (!tree.digest_and(path, [&](ByteView piece) { reader.take(piece); }).ok()) return std::nullopt;
  return reader.finish();
}

}  // namespace

// In its one form a record's kind stands in exactly these letters; where they stand otherwise, nothing is lost but time.
bool changes_needs(std::string_view line) {
  return line.find("\"type\":\"open\"") != std::string_view::npos || line.find("\"type\":\"source\"") != std::string_view::npos;
}

ReadyLine make_ready(const Tree& tree, const std::string& line, const LineNeeds& needs) {
  ReadyLine ready{line_hash(line), parse_record(line), false, std::nullopt};
  if (!ready.record.ok()) return ready;
  const Record& record = *ready.record;
  const auto epoch = static_cast<std::size_t>(record.head.epoch);
  ready.signature_holds = epoch < needs.keys->size() && record_signature_holds(record, (*needs.keys)[epoch]);
  if (record.head.type == "segment") ready.segment = read_media(tree, needs, record);
  if (!ready.segment) read_files(tree, needs, record);
  return ready;
}

}  // namespace netsampler::verify
