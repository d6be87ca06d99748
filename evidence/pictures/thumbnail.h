// The last picture of a sealed segment, small: decoded from the bytes that the chain names and from nothing else. Reads init.mp4 and
// one group, the segments from one that begins with a key picture up to the wanted one; each is hashed before it is decoded.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "evidence/base/file_system.h"
#include "evidence/format/frame_time.h"

namespace netsampler::pictures {

inline constexpr std::size_t kThumbnailSegments = 64;  // of one group, at most

struct SealedFile {
  std::int64_t no = 0;
  std::string sha256;  // hex, as the chain has it
};

struct ThumbnailWanted {
  std::string init_sha256;
  std::vector<SealedFile> segments;  // ascending; the first begins with a key picture, the picture is the last one of the last
  int width = 480;
};

struct Thumbnail {
  std::int64_t pts = 0;           // 90 kHz
  std::optional<FrameTime> time;  // what the picture says of itself
  Bytes jpeg;
};

// `directory` holds init.mp4 and ‹no, six digits›.m4s. `invalid`: a file that is not what the chain names, or whose last picture
// cannot be decoded; `not_found`: one is not there.
Result<Thumbnail> thumbnail(const FileSystem& disk, const std::string& directory, const ThumbnailWanted& wanted);

// "‹no›:‹sha256›"
Result<SealedFile> parse_sealed_file(const std::string& text);

}  // namespace netsampler::pictures
