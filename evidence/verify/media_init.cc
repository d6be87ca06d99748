#include "evidence/verify/boxes.h"
#include "evidence/verify/media.h"

namespace netsampler::verify {
namespace {

using Names = std::string_view;
constexpr Names kTop[] = {"ftyp", "moov"};
constexpr Names kMoov[] = {"mvhd", "trak", "mvex", "udta"};
constexpr Names kTrak[] = {"tkhd", "mdia"};
constexpr Names kMdia[] = {"mdhd", "hdlr", "minf"};
constexpr Names kMinf[] = {"vmhd", "dinf", "stbl"};
constexpr Names kStbl[] = {"stsd", "stts", "stsc", "stsz", "stco"};
constexpr Names kMvex[] = {"mehd", "trex"};
constexpr Names kEntries[] = {"avc1", "avc3", "hvc1"};

Result<void> read_mdhd(ByteView payload, InitFacts& facts) {
  Fields fields(payload);
  const std::uint64_t version = TRY(fields.number(1));
  TRY(fields.skip(3 + (version == 1 ? 16 : 8)));
  facts.time_scale = static_cast<std::int64_t>(TRY(fields.number(4)));
  return {};
}

// The one sample entry: its type is the codec, its size the picture's.
Result<void> read_stsd(ByteView payload, InitFacts& facts) {
  Fields fields(payload);
  TRY(fields.skip(4));
  const std::uint64_t count = TRY(fields.number(4));
  const std::vector<Box> entries = TRY(boxes_in(fields.rest(), kEntries));
  if (count != 1 || entries.size() != 1) return fail(ErrorKind::invalid, "more than one kind of picture");
  facts.codec = entries[0].type == "hvc1" ? "hevc" : "h264";
  Fields entry(entries[0].payload);
  TRY(entry.skip(24));
  facts.width = static_cast<std::int64_t>(TRY(entry.number(2)));
  facts.height = static_cast<std::int64_t>(TRY(entry.number(2)));
  return {};
}

Result<std::uint64_t> count_at(const std::vector<Box>& boxes, std::string_view type, std::size_t offset) {
  const ByteView payload = TRY(payload_of(boxes, type));
  Fields fields(payload);
  TRY(fields.skip(offset));
  return fields.number(4);
}

// The tables of a fragmented file are empty: a sample in init.mp4 would be a picture that no record names.
Result<void> no_samples(const std::vector<Box>& stbl) {
  const std::uint64_t times = TRY(count_at(stbl, "stts", 4));
  const std::uint64_t sizes = TRY(count_at(stbl, "stsz", 8));
  const std::uint64_t chunks = TRY(count_at(stbl, "stsc", 4));
  const std::uint64_t offsets = TRY(count_at(stbl, "stco", 4));
  if (times != 0 || sizes != 0 || chunks != 0 || offsets != 0) return fail(ErrorKind::invalid, "pictures in the header file");
  return {};
}

Result<void> read_mdia(const std::vector<Box>& mdia, InitFacts& facts) {
  constexpr std::uint64_t kVideo = 0x76696465;  // "vide"
  const ByteView mdhd = TRY(payload_of(mdia, "mdhd"));
  TRY(read_mdhd(mdhd, facts));
  const std::uint64_t handler = TRY(count_at(mdia, "hdlr", 8));
  if (handler != kVideo) return fail(ErrorKind::invalid, "a track that is not video");
  const std::vector<Box> minf = TRY(boxes_of(mdia, "minf", kMinf));
  TRY(only(minf, "vmhd"));
  TRY(only(minf, "dinf"));
  const std::vector<Box> stbl = TRY(boxes_of(minf, "stbl", kStbl));
  TRY(no_samples(stbl));
  const ByteView stsd = TRY(payload_of(stbl, "stsd"));
  return read_stsd(stsd, facts);
}

Result<void> read_trex(ByteView payload, InitFacts& facts) {
  Fields fields(payload);
  TRY(fields.skip(4));
  facts.track = TRY(fields.number(4));
  TRY(fields.skip(4));
  facts.default_duration = TRY(fields.number(4));
  facts.default_size = TRY(fields.number(4));
  facts.default_flags = TRY(fields.number(4));
  return {};
}

}  // namespace

Result<InitFacts> read_init(ByteView bytes) {
  InitFacts facts;
  const std::vector<Box> top = TRY(boxes_in(bytes, kTop));
  TRY(only(top, "ftyp"));
  const std::vector<Box> moov = TRY(boxes_of(top, "moov", kMoov));
  TRY(only(moov, "mvhd"));
  const std::vector<Box> trak = TRY(boxes_of(moov, "trak", kTrak));
  TRY(only(trak, "tkhd"));
  const std::vector<Box> mdia = TRY(boxes_of(trak, "mdia", kMdia));
  TRY(read_mdia(mdia, facts));
  const std::vector<Box> mvex = TRY(boxes_of(moov, "mvex", kMvex));
  const ByteView trex = TRY(payload_of(mvex, "trex"));
  TRY(read_trex(trex, facts));
  return facts;
}

}  // namespace netsampler::verify
