// What netsampler.conf says of recordings of the screen: the members `cameras` and `preparation_s`, which only who starts them needs.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "evidence/base/file_system.h"

namespace netsampler {

inline constexpr std::size_t kCamerasBeside = 4;  // of one recording of the screen

struct RecordingSettings {
  std::vector<std::string> cameras;  // addresses of those recorded beside the screen unless told otherwise; at most kCamerasBeside
  std::int64_t preparation_s = 4;    // how long the preparation page is shown, 0 (none) to 60
};

// As load_config, of the same file; each of the two leaves the other's members alone.
Result<RecordingSettings> load_recording_settings(const FileSystem& disk, const std::string& path);

}  // namespace netsampler
