#include "evidence/verify/picture_check.h"

#include <algorithm>

#include "evidence/verify/box_log.h"
#include "evidence/verify/picture_claims.h"
#include "evidence/verify/picture_line.h"
#include "evidence/verify/picture_reader.h"
#include "evidence/verify/picture_times.h"

namespace netsampler::verify {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kEarlyUs = kSecondUs;      // a strip cannot show a second that has not begun; pts and clock are read apart
constexpr std::int64_t kStandingUs = 5'000'000;   // nor stand still for longer, on a box that is very busy
constexpr std::int64_t kHeadUs = 200'000;         // pts and boot_us agree within 100 ms
constexpr std::int64_t kAuthoritiesUs = 60'000'000;  // two authorities' clocks and the order in which their answers came
constexpr std::size_t kHelperLines = 1'000'000;

std::uint64_t first_bytes(const std::array<std::uint8_t, 8>& bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

// Shortcomings of one source: told once, with their number and the first of them.
struct Tally {
  std::int64_t count = 0;
  std::int64_t first_no = 0;
  void add(std::int64_t no) {
    if (count++ == 0) first_no = no;
  }
  std::string text(const std::string& what, std::size_t of) const {
    return what + " in " + std::to_string(count) + " of " + std::to_string(of) + " segments, first no " + std::to_string(first_no);
  }
};

class SourcePictures {
 public:
  SourcePictures(Job& job, const RecordingSummary& recording, const PictureClaims& claims, const SourceClaim& source, std::string directory)
      : job_(job), recording_(recording), claims_(claims), source_(source), directory_(std::move(directory)), times_(source, claims.resumes) {}

  Result<void> run() {
    const auto read = job_.pictures->read(directory_, source_.screen, kHelperLines, [this](std::string_view text) { return line(text); });
    if (!read.ok()) job_.report.add(Reason::picture_unread, directory_, read.error().text);
    if (read.ok() && !ended_) job_.report.add(Reason::picture_unread, directory_, "the helper broke off");
    tell(Reason::picture_unread, no_key_, "a key frame is missing");
    tell(Reason::picture_unread, damaged_, "pictures that cannot be decoded as the camera sent them");
    tell(Reason::picture_unread, no_strip_, "no strip to be read");
    tell(Reason::picture_unread, no_beacon_, "no QR code though there was a time stamp");
    tell(Reason::picture_unknown, unknown_, "the QR code");
    return {};
  }

 private:
  void tell(Reason reason, const Tally& tally, const std::string& what) {
    if (tally.count > 0) job_.report.add(reason, directory_, tally.text(what, source_.segments.size()));
  }

  Result<void> line(std::string_view text) {
    if (ended_) return fail(ErrorKind::invalid, "the helper goes on behind its end");
    const PictureLine line = TRY_WITH(parse_picture_line(text), "the helper's line");
    ended_ = line.end;
    const auto claim = source_.segments.find(line.no);
    if (line.end || claim == source_.segments.end()) return {};  // a file that no record names is a finding already
    if (!line.times.empty()) return times_.take(line), Result<void>();
    segment(line, claim->second);
    return {};
  }

  void segment(const PictureLine& line, const SegmentClaim& claim) {
    PictureSummary& seen = job_.report.pictures;
    if (line.why == "key") return no_key_.add(line.no);
    if (line.sha256 != hex_of(claim.sha256)) return other_bytes(claim);
    ++seen.segments;
    seen.frames += line.frames;
    // What a camera sent is kept as it came, garbage too: that is no contradiction, but nobody can see it.
    if (source_.kept && line.why.empty() && line.frames < claim.frames) return damaged_.add(line.no);
    counts(line, claim);
    if (source_.timed) times(line, claim);
    if (source_.screen) strip(line, claim);
  }

  // What the chain's check read is not what the helper read, or it is changed and named already.
  void other_bytes(const SegmentClaim& claim) {
    const std::string where = at(claim);
    if (!job_.report.has(Reason::file_changed) && !job_.report.has(Reason::file_missing))
      job_.report.add(Reason::file_changed, where, "the helper read other bytes");
  }

  void counts(const PictureLine& line, const SegmentClaim& claim) {
    const std::string where = at(claim);
    if (line.why == "file") return job_.report.add(Reason::media_mismatch, where, "cannot be decoded: " + line.text);
    if (line.frames != claim.frames)
      return job_.report.add(Reason::media_mismatch, where,
                             std::to_string(line.frames) + " of " + std::to_string(claim.frames) + " pictures can be decoded");
    if (line.first_pts != claim.first_pts || line.last_pts != claim.last_pts)
      job_.report.add(Reason::media_mismatch, where, "decoded pictures stand at other times");
  }

  void times(const PictureLine& line, const SegmentClaim& claim) {
    const std::string off = times_.judge(line.no, line.frames, claim);
    if (!off.empty()) job_.report.add(Reason::picture_time, at(claim), off);
    if (off.empty()) job_.report.pictures.times += line.frames;
  }

  void strip(const PictureLine& line, const SegmentClaim& claim) {
    bool any = false, bare = false, strange = false;
    reported_.clear();
    for (const PictureLook& look : line.looks) {
      if (!look.code) continue;
      any = true;
      ++job_.report.pictures.strips;
      clock(look, claim);
      head(look, claim);
      bare = bare || (!look.beacon && claims_.beacon);
      if (look.beacon) strange = !beacon(look, claim) || strange;
    }
    if (!any) no_strip_.add(line.no);
    if (bare) no_beacon_.add(line.no);
    if (strange) unknown_.add(line.no);
  }

  std::int64_t boot_us(const PictureLook& look) const { return source_.start_us + look.pts * 100 / 9; }
  // Once a segment.
  void broken(Reason reason, const SegmentClaim& claim, const std::string& detail) {
    if (reported_.insert(reason).second) job_.report.add(reason, at(claim), detail);
  }

  // Strip and records are of one clock, so its error does not matter here.
  void clock(const PictureLook& look, const SegmentClaim& claim) {
    const std::int64_t shown_us = look.code->second * kSecondUs;
    const std::int64_t least_us = boot_us(look) + claim.least_offset_us, most_us = boot_us(look) + claim.most_offset_us;
    const std::int64_t early_us = shown_us - most_us, late_us = least_us - shown_us - kSecondUs;
    if (early_us > kEarlyUs) broken(Reason::picture_clock, claim, "the strip is " + std::to_string(early_us / kSecondUs) + " s ahead of the chain");
    if (late_us > kStandingUs) broken(Reason::picture_clock, claim, "the strip is " + std::to_string(late_us / kSecondUs) + " s behind the chain");
  }

  void head(const PictureLook& look, const SegmentClaim& claim) {
    const std::uint64_t shown = first_bytes(look.code->head);
    const bool of_another = claims_.resumes && claim.late;  // seen while the chain before this one was written
    if (shown == 0 || claims_.too_long || of_another) return;
    const auto found = std::ranges::lower_bound(claims_.lines, shown, {}, &PictureClaims::Line::head);
    if (found == claims_.lines.end() || found->head != shown)
      broken(Reason::picture_head, claim, "the strip shows a line that this chain does not have");
    else if (found->boot_us > boot_us(look) + kHeadUs)
      broken(Reason::picture_head, claim, "the strip shows a line that came later");
  }

  // False: it names no time stamp that is here.
  bool beacon(const PictureLook& look, const SegmentClaim& claim) {
    ++job_.report.pictures.beacons;
    if (job_.log == nullptr || job_.log->stamps.empty()) return true;  // `unstamped` says it
    const auto named = [&](const Stamp& stamp) { return std::equal(look.beacon->begin(), look.beacon->end(), stamp.response.begin()); };
    const auto stamp = std::ranges::find_if(job_.log->stamps, named);
    if (stamp == job_.log->stamps.end()) return false;
    const std::int64_t made_us = stamp->gen_time_us - stamp->slack_us;
    if (made_us > boot_us(look) + claim.most_offset_us + claim.err_us)
      broken(Reason::picture_beacon, claim, "its time stamp was made later than the picture");
    if (recording_.not_after_us > 0 && made_us > recording_.not_after_us + kSecondUs)
      broken(Reason::picture_beacon, claim, "its time stamp was made after the recording was stamped");
    const Stamp* opened = claims_.beacon ? job_.log->find(*claims_.beacon) : nullptr;
    if (opened != nullptr && stamp->gen_time_us + kAuthoritiesUs < opened->gen_time_us)
      broken(Reason::picture_beacon, claim, "its time stamp is older than the one that the opening names");
    return true;
  }

  std::string at(const SegmentClaim& claim) const { return at_seq(below(recording_.where, "chain.jsonl"), claim.seq); }

  Job& job_;
  const RecordingSummary& recording_;
  const PictureClaims& claims_;
  const SourceClaim& source_;
  const std::string directory_;
  PictureTimes times_;
  std::set<Reason> reported_;  // of the segment at hand
  Tally no_key_, damaged_, no_strip_, no_beacon_, unknown_;
  bool ended_ = false;
};

Result<void> check_recording_pictures(Job& job, const RecordingSummary& recording) {
  const PictureClaims claims = TRY(picture_claims(job.tree, below(recording.where, "chain.jsonl")));
  if (claims.too_long) job.report.add(Reason::picture_unread, recording.where, "too many segments or lines to look at all");
  for (const auto& [name, source] : claims.sources) {
    const std::string directory = below(recording.where, "media/" + name);
    if (!job.tree.has(directory + "/init.mp4") || source.segments.empty()) continue;  // named by the chain's check
    SourcePictures pictures(job, recording, claims, source, directory);
    TRY(pictures.run());
  }
  return {};
}

}  // namespace

Result<void> check_pictures(Job& job, const Scope& scope) {
  if (!job.report.deep || scope.recordings.empty()) return {};
  if (job.pictures == nullptr) {
    job.report.add(Reason::pictures_skipped, "");
    return {};
  }
  job.report.pictures.looked = true;
  for (const RecordingSummary& recording : job.report.recordings) TRY(check_recording_pictures(job, recording));
  return {};
}

}  // namespace netsampler::verify
