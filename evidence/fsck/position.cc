#include "evidence/fsck/position.h"

#include "evidence/base/json.h"

namespace netsampler {

FsckPosition load_position(const FileSystem& disk, const std::string& path) {
  FsckPosition position;
  const auto bytes = disk.read(path, 4096);
  const auto saved = bytes.ok() ? parse_profile(as_text(*bytes)) : Result<Json>(bytes.error());
  if (!saved.ok() || !saved->is_object()) return position;
  position.after = string_or(*saved, "after", "");
  position.files = int_or(*saved, "files", 0);
  position.bytes = int_or(*saved, "bytes", 0);
  position.damaged = int_or(*saved, "damaged", 0);
  position.recorded = int_or(*saved, "recorded", 0);
  return position;
}

Result<void> save_position(FileSystem& disk, const std::string& path, const FsckPosition& position) {
  const Json body{{"after", position.after}, {"files", position.files}, {"bytes", position.bytes}, {"damaged", position.damaged},
                  {"recorded", position.recorded}};
  return write_whole(disk, path, as_bytes(canonical(body)));
}

Result<void> forget_position(FileSystem& disk, const std::string& path) {
  if (!exists(disk, path)) return {};
  return disk.remove(path);
}

}  // namespace netsampler
