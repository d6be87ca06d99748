#include <algorithm>
#include <optional>

#include "evidence/verify/boxes.h"
#include "evidence/verify/media.h"

namespace netsampler::verify {
namespace {

constexpr std::string_view kTop[] = {"styp", "sidx", "prft", "moof", "mdat"};
constexpr std::size_t kHeaderBytes = 8;
constexpr std::string_view kMoof[] = {"mfhd", "traf"};
constexpr std::string_view kTraf[] = {"tfhd", "tfdt", "trun"};
constexpr std::uint64_t kNotSync = 0x10000;  // sample_is_non_sync_sample
constexpr std::uint64_t kMaxFrames = 100'000;

struct Defaults {
  std::uint64_t duration = 0, size = 0, flags = 0;
};

// Optional fields of tfhd in the order of their flags.
Result<Defaults> read_tfhd(ByteView payload, const InitFacts& init) {
  Fields fields(payload);
  const std::uint64_t flags = TRY(fields.number(4));
  const std::uint64_t track = TRY(fields.number(4));
  if ((flags & 0x20000) == 0 || (flags & 0x10001) != 0)
    return fail(ErrorKind::invalid, "a fragment that does not point into itself");
  if (track != init.track) return fail(ErrorKind::invalid, "a fragment of another track");
  Defaults defaults{init.default_duration, init.default_size, init.default_flags};
  if ((flags & 0x2) != 0) TRY(fields.skip(4));
  if ((flags & 0x8) != 0) defaults.duration = TRY(fields.number(4));
  if ((flags & 0x10) != 0) defaults.size = TRY(fields.number(4));
  if ((flags & 0x20) != 0) defaults.flags = TRY(fields.number(4));
  return defaults;
}

Result<std::int64_t> read_tfdt(ByteView payload) {
  Fields fields(payload);
  const std::uint64_t version = TRY(fields.number(1));
  TRY(fields.skip(3));
  const std::uint64_t time = TRY(fields.number(version == 1 ? 8 : 4));
  if (time > (std::uint64_t{1} << 53)) return fail(ErrorKind::invalid, "a fragment time beyond all bounds");
  return static_cast<std::int64_t>(time);
}

struct Run {
  std::uint64_t frames = 0, duration = 0, bytes = 0, last_duration = 0, longest = 0, first_flags = 0;
  std::int64_t start = 0;
};

// A field that is there, or what stands for it.
Result<std::uint64_t> field_or(Fields& fields, bool there, std::uint64_t other) {
  if (!there) return other;
  return fields.number(4);
}

Result<void> read_samples(Fields& fields, std::uint64_t flags, const Defaults& defaults, Run& run) {
  for (std::uint64_t i = 0; i < run.frames; ++i) {
    run.last_duration = TRY(field_or(fields, (flags & 0x100) != 0, defaults.duration));
    run.bytes += TRY(field_or(fields, (flags & 0x200) != 0, defaults.size));
    const std::uint64_t own = TRY(field_or(fields, (flags & 0x400) != 0, defaults.flags));
    const std::uint64_t reordered = TRY(field_or(fields, (flags & 0x800) != 0, 0));
    if (reordered != 0) return fail(ErrorKind::invalid, "reordered frames");
    if (i == 0 && (flags & 0x4) == 0) run.first_flags = own;
    run.duration += run.last_duration;
    run.longest = std::max(run.longest, run.last_duration);
  }
  if (!fields.at_end()) return fail(ErrorKind::invalid, "bytes behind the last frame of a run");
  return {};
}

Result<Run> read_trun(ByteView payload, const Defaults& defaults, std::size_t moof_bytes) {
  Fields fields(payload);
  Run run;
  const std::uint64_t flags = TRY(fields.number(4));
  run.frames = TRY(fields.number(4));
  const std::uint64_t offset = TRY(field_or(fields, (flags & 0x1) != 0, 0));
  run.first_flags = TRY(field_or(fields, (flags & 0x4) != 0, 0));
  if (run.frames == 0 || run.frames > kMaxFrames) return fail(ErrorKind::invalid, "an impossible number of frames");
  if (offset != moof_bytes + 8) return fail(ErrorKind::invalid, "frames that do not begin where their data does");
  TRY(read_samples(fields, flags, defaults, run));
  return run;
}

// A moof alone: which frames it announces, and from when.
Result<Run> read_moof(ByteView payload, const InitFacts& init) {
  const std::vector<Box> moof = TRY(boxes_in(payload, kMoof));
  TRY(only(moof, "mfhd"));
  const std::vector<Box> traf = TRY(boxes_of(moof, "traf", kTraf));
  const ByteView tfhd = TRY(payload_of(traf, "tfhd"));
  const ByteView tfdt = TRY(payload_of(traf, "tfdt"));
  const ByteView trun = TRY(payload_of(traf, "trun"));
  const Defaults defaults = TRY(read_tfhd(tfhd, init));
  Run run = TRY(read_trun(trun, defaults, payload.size() + kHeaderBytes));
  run.start = TRY(read_tfdt(tfdt));
  return run;
}

// One moof and its mdat, the next part of the segment.
Result<void> read_fragment(ByteView moof, std::uint64_t data_bytes, const InitFacts& init, SegmentFacts& facts) {
  const Run run = TRY(read_moof(moof, init));
  if (run.bytes != data_bytes) return fail(ErrorKind::invalid, "frames that do not fill their data exactly");
  if (facts.frames == 0) {
    facts.first_pts = run.start;
    facts.key = (run.first_flags & kNotSync) == 0;
  } else if (run.start != facts.end_pts) {
    return fail(ErrorKind::invalid, "a hole between two fragments of a segment");
  }
  facts.frames += static_cast<std::int64_t>(run.frames);
  facts.end_pts = run.start + static_cast<std::int64_t>(run.duration);
  facts.last_duration = static_cast<std::int64_t>(run.last_duration);
  facts.longest = std::max(facts.longest, static_cast<std::int64_t>(run.longest));
  return {};
}

}  // namespace

void SegmentReader::take(ByteView piece) {
  while (state_.ok() && !piece.empty()) state_ = step(piece);
}

// A part of the header, or of the payload.
Result<void> SegmentReader::step(ByteView& piece) {
  const bool in_header = type_.empty();
  const std::uint64_t wanted = in_header ? kHeaderBytes - head_.size() : left_bytes_;
  const ByteView part = piece.first(static_cast<std::size_t>(std::min<std::uint64_t>(wanted, piece.size())));
  piece = piece.subspan(part.size());
  if (in_header) {
    append(head_, part);
    return head_.size() == kHeaderBytes ? begin_box() : Result<void>();
  }
  if (type_ == "moof") append(held_, part);
  left_bytes_ -= part.size();
  return left_bytes_ == 0 ? end_box() : Result<void>();
}

Result<void> SegmentReader::begin_box() {
  Fields header(head_);
  const std::uint64_t size = TRY(header.number(4));
  const std::string type(as_text(header.rest()));
  head_.clear();
  if (std::ranges::find(kTop, type) == std::end(kTop)) return fail(ErrorKind::invalid, "a stray box: " + printable(type));
  if (size < kHeaderBytes || (type == "moof" && size > kMoofBytes)) return fail(ErrorKind::invalid, "a box of impossible size: " + type);
  if ((type == "mdat") != awaits_data_) return fail(ErrorKind::invalid, "moof and mdat do not follow each other");
  type_ = type;
  payload_bytes_ = left_bytes_ = size - kHeaderBytes;
  return left_bytes_ == 0 ? end_box() : Result<void>();
}

Result<void> SegmentReader::end_box() {
  if (type_ == "mdat") TRY(read_fragment(moof_, payload_bytes_, init_, facts_));
  awaits_data_ = type_ == "moof";
  if (awaits_data_) moof_ = std::exchange(held_, {});
  type_.clear();
  return {};
}

Result<SegmentFacts> SegmentReader::finish() {
  if (!state_.ok()) return state_.error();
  if (!head_.empty()) return fail(ErrorKind::invalid, "box header: a box that ends too early");
  if (!type_.empty()) return fail(ErrorKind::invalid, "a box that ends too early");
  if (awaits_data_ || facts_.frames == 0) return fail(ErrorKind::invalid, "a segment without frames");
  return facts_;
}

Result<SegmentFacts> read_segment(ByteView bytes, const InitFacts& init) {
  SegmentReader reader(init);
  reader.take(bytes);
  return reader.finish();
}

}  // namespace netsampler::verify
