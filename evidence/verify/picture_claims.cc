#include "evidence/verify/picture_claims.h"

#include <algorithm>
#include <deque>

#include "evidence/format/frame_time.h"
#include "evidence/format/kinds.h"
#include "evidence/format/names.h"

namespace netsampler::verify {
namespace {

std::uint64_t first_bytes(const Hash& hash) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | hash[i];
  return value;
}

class Reading {
 public:
  void line(std::string_view text) {
    const auto record = parse_record(text);
    if (!record.ok()) return;
    if (claims_.lines.size() < PictureClaims::kMostLines)
      claims_.lines.push_back({first_bytes(line_hash(text)), record->head.boot_us});
    else
      claims_.too_long = true;
    stamps_.push_back({record->head.boot_us, record->head.at_us - record->head.boot_us, record->head.err_us});
    if (stamps_.size() > kMostStamps) stamps_.pop_front();
    least_err_us_ = std::min(least_err_us_, record->head.err_us);
    if (!check_read(ChainKind::recording, record->head.type, record->body).ok()) return;
    if (record->head.type == "open") open(record->body);
    if (record->head.type == "source") source(record->body);
    if (record->head.type == "segment") segment(*record);
  }

  PictureClaims take() {
    std::sort(claims_.lines.begin(), claims_.lines.end());
    return std::move(claims_);
  }

 private:
  static constexpr std::size_t kMostStamps = 10'000;
  struct RecordStamp {
    std::int64_t boot_us = 0, offset_us = 0, err_us = 0;
  };

  void open(const Json& body) {
    const auto beacon = hash_from_hex(string_or(body, "beacon", ""));
    if (beacon.ok()) claims_.beacon = *beacon;
    claims_.resumes = body.contains("resumes");
  }

  void source(const Json& body) {
    const std::string name = string_or(body, "source", "");
    if (!is_source_name(name) || claims_.sources.contains(name)) return;
    if (claims_.sources.size() >= PictureClaims::kMostSources) {
      claims_.too_long = true;
      return;
    }
    const bool screen = string_or(body, "medium", "") == "screen";
    claims_.sources[name] = {screen, !screen && string_or(body, "mode", "") == "kept", string_or(body, "frame_times", "") == kFrameTimesWord,
                             int_or(body, "start_us", 0), {}};
  }

  // The stamps from the last record at or before `first_us` to the newest; from the oldest that is still known where there is none.
  void span(std::int64_t first_us, SegmentClaim& claim) {
    auto first = stamps_.end();
    do --first;
    while (first != stamps_.begin() && first->boot_us > first_us);
    const auto [least, most] = std::ranges::minmax_element(first, stamps_.end(), {}, &RecordStamp::offset_us);
    claim.least_offset_us = least->offset_us, claim.most_offset_us = most->offset_us;
    claim.err_us = std::ranges::max_element(first, stamps_.end(), {}, &RecordStamp::err_us)->err_us;
    claim.least_err_us = least_err_us_;
  }

  void segment(const Record& record) {
    const Json& body = record.body;
    const auto source = claims_.sources.find(string_or(body, "source", ""));
    const auto file = named_file_from(body.at("file"));
    if (source == claims_.sources.end() || !file.ok()) return;
    if (++segments_ > PictureClaims::kMostSegments) {
      claims_.too_long = true;
      return;
    }
    SegmentClaim claim;
    claim.seq = record.head.seq;
    claim.frames = int_or(body, "frames", 0), claim.dropped = int_or(body, "dropped", 0);
    claim.first_pts = int_or(body, "first_pts", 0), claim.last_pts = int_or(body, "last_pts", 0);
    claim.first_us = int_or(body, "first_us", 0), claim.last_us = int_or(body, "last_us", 0);
    claim.sha256 = hash_from_hex(file->sha256).value_or({});
    claim.late = body.contains("sealed_late_us");
    span(claim.first_us, claim);
    std::int64_t& counted = counted_[source->first];
    claim.counted = counted = std::min(counted + claim.frames + claim.dropped, PictureClaims::kMostCounted);
    source->second.segments.emplace(int_or(body, "no", 0), claim);
  }

  PictureClaims claims_;
  std::deque<RecordStamp> stamps_;  // of the newest lines
  std::map<std::string, std::int64_t> counted_;
  std::int64_t least_err_us_ = INT64_MAX;
  std::size_t segments_ = 0;
};

}  // namespace

Result<PictureClaims> picture_claims(const Tree& tree, const std::string& chain) {
  Reading reading;
  TRY(tree.lines(chain, [&](std::string_view text) {
    reading.line(text);
    return Result<void>();
  }));
  return reading.take();
}

}  // namespace netsampler::verify
