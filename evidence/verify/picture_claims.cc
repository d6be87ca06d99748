#include "evidence/verify/picture_claims.h"

#include <algorithm>

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
    const std::int64_t offset_us = record->head.at_us - record->head.boot_us;
    for (auto& [name, span] : spans_) span.take(offset_us, record->head.err_us);
    begun_.take(offset_us, record->head.err_us);
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
  struct Span {
    std::optional<std::int64_t> least_us, most_us;
    std::int64_t err_us = 0;
    void take(std::int64_t offset_us, std::int64_t error_us) {
      least_us = std::min(least_us.value_or(offset_us), offset_us);
      most_us = std::max(most_us.value_or(offset_us), offset_us);
      err_us = std::max(err_us, error_us);
    }
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
    claims_.sources[name] = {string_or(body, "medium", "") == "screen", int_or(body, "start_us", 0), {}};
    spans_[name] = begun_;
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
    Span& span = spans_[source->first];
    SegmentClaim claim{record.head.seq, int_or(body, "frames", 0), int_or(body, "first_pts", 0), int_or(body, "last_pts", 0),
                       hash_from_hex(file->sha256).value_or({}), *span.least_us, *span.most_us, span.err_us, body.contains("sealed_late_us")};
    source->second.segments.emplace(int_or(body, "no", 0), claim);
    span = Span();
    span.take(record.head.at_us - record.head.boot_us, record.head.err_us);
  }

  PictureClaims claims_;
  std::map<std::string, Span> spans_;
  Span begun_;  // since the chain's first line
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
