// How far a round has come. Nothing depends on it: where it is lost or broken, the round begins anew.
#pragma once
#include <string>

#include "evidence/base/file_system.h"

namespace netsampler {

struct FsckPosition {
  std::string after;  // the unit that was checked last: "", "chains", "cases/<id>", "recordings/<id>"; in this order
  std::int64_t files = 0, bytes = 0, damaged = 0, recorded = 0;  // of the round so far
};

FsckPosition load_position(const FileSystem& disk, const std::string& path);
Result<void> save_position(FileSystem& disk, const std::string& path, const FsckPosition& position);
Result<void> forget_position(FileSystem& disk, const std::string& path);

}  // namespace netsampler
