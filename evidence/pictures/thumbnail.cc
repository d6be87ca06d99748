#include "evidence/pictures/thumbnail.h"

#include <algorithm>
#include <charconv>

#include "evidence/base/crypto.h"
#include "evidence/pictures/segment_decoder.h"

namespace netsampler::pictures {
namespace {

constexpr std::size_t kMediaLimitBytes = 64u << 20;  // as the verifier's

Result<Bytes> read_named(const FileSystem& disk, const std::string& directory, const std::string& name, const std::string& sha256_hex) {
  Bytes bytes = TRY_WITH(disk.read(directory + "/" + name, kMediaLimitBytes), name);
  if (hex_of(sha256(bytes)) != sha256_hex)
    return fail(ErrorKind::invalid, name + "：与证据链所记的摘要不符，不予解码 / not the file that the chain names, it is not decoded");
  return bytes;
}

std::string name_of(std::int64_t no) {
  const std::string text = std::to_string(no);
  return (text.size() < 6 ? std::string(6 - text.size(), '0') + text : text) + ".m4s";
}

struct Seen {
  std::int64_t segment = -1, pts = 0;
  std::optional<FrameTime> time;
};

// Hands the group over, in order; what was seen last stays with the decoder.
Result<Seen> decode(const FileSystem& disk, const std::string& directory, const ThumbnailWanted& wanted, SegmentDecoder& decoder) {
  Seen last;
  const PictureVisitor note = [&](const SeenPicture& picture) { last = {picture.segment, picture.pts, picture.time}; };
  std::int64_t before = -1;
  for (const SealedFile& file : wanted.segments) {
    const std::string name = name_of(file.no);
    const Bytes bytes = TRY(read_named(disk, directory, name, file.sha256));
    const Fed fed = TRY_WITH(decoder.feed(file.no, bytes, before >= 0 && file.no == before + 1, note), name);
    if (fed == Fed::no_key) return fail(ErrorKind::invalid, name + "：不以关键帧开始 / it begins without a key picture");
    before = file.no;
  }
  decoder.finish(note);
  return last;
}

}  // namespace

Result<Thumbnail> thumbnail(const FileSystem& disk, const std::string& directory, const ThumbnailWanted& wanted) {
  if (wanted.segments.empty() || wanted.segments.size() > kThumbnailSegments)
    return fail(ErrorKind::usage, "--segment: give 1 to " + std::to_string(kThumbnailSegments) + " of one group");
  Bytes init = TRY(read_named(disk, directory, "init.mp4", wanted.init_sha256));
  const auto decoder = TRY_WITH(SegmentDecoder::open(std::move(init)), "init.mp4");
  const Seen last = TRY(decode(disk, directory, wanted, *decoder));
  if (last.segment != wanted.segments.back().no)
    return fail(ErrorKind::invalid, name_of(wanted.segments.back().no) + "：画面无法解码 / none of its pictures can be decoded");
  Bytes jpeg = TRY(decoder->last_jpeg(wanted.width));
  return Thumbnail{last.pts, last.time, std::move(jpeg)};
}

Result<SealedFile> parse_sealed_file(const std::string& text) {
  SealedFile file;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, file.no);
  if (error != std::errc() || stop == end || *stop != ':' || file.no < 0) return fail(ErrorKind::usage, "--segment wants NO:SHA256, not " + text);
  file.sha256 = std::string(stop + 1, end);
  return file;
}

}  // namespace netsampler::pictures
