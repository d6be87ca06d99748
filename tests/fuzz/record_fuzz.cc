// A record's line: what is read is canonical, keeps its members, and names files only inside its own directory.
#include "evidence/format/kinds.h"
#include "evidence/format/record.h"
#include "tests/fuzz/target.h"

using namespace netsampler;

namespace {

void check_files_of(const Record& record) {
  const auto files = files_of(record.body);
  if (!files.ok()) return;
  for (const NamedFile& file : *files) {
    fuzz::require(file.path.find("..") == std::string::npos || file.path.find("/../") == std::string::npos, "a path stays inside");
    fuzz::require(!file.path.empty() && file.path.front() != '/', "a path is relative");
    fuzz::require(file.bytes >= 0, "a size is not negative");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line = fuzz::text_from(data, size);
  const auto record = parse_record(line);
  if (!record.ok()) {
    fuzz::require(!record.error().text.empty(), "a refusal says why");
    return 0;
  }
  fuzz::require(canonical(record->object) == line, "a line has one form");
  fuzz::require(!outside_profile(record->object, kRecordDepth), "what is read lies inside the profile");
  fuzz::require(record->head.seq >= 0 && record->head.err_us >= 0 && record->head.boot_us >= 0, "numbers from 0");
  fuzz::require(check_read(record->head.chain, record->head.type, record->body).ok() ||
                    find_kind(record->head.chain, record->head.type) != nullptr,
                "an unknown kind is opaque, not wrong");
  check_files_of(*record);
  return 0;
}
