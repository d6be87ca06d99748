#include "evidence/verify/source_check.h"

#include <algorithm>
#include <cstdlib>

#include "evidence/format/names.h"

namespace netsampler::verify {
namespace {

constexpr std::int64_t kTicksPerSecond = 90'000;
constexpr std::size_t kBytesASource = 1500;  // here, in the lists of those who read ahead, in the summary
constexpr std::int64_t kFramesApartUs = 1'100'000;
constexpr std::int64_t kKeyApartUs = 10'000'000;
constexpr std::int64_t kMostTicks = 86'400 * kTicksPerSecond;  // no segment is a day long
constexpr std::int64_t kPtsToleranceUs = 100'000;
constexpr std::int64_t kSealedLateUs = 30'000'000;
constexpr std::int64_t kKeyApartTicks = kKeyApartUs / 1000 * kTicksPerSecond / 1000;
constexpr std::int64_t kFramesApartTicks = kFramesApartUs / 1000 * kTicksPerSecond / 1000;

// No overflow for any integer of the profile.
std::int64_t us_of(std::int64_t ticks) {
  return ticks / kTicksPerSecond * 1'000'000 + ticks % kTicksPerSecond * 1'000'000 / kTicksPerSecond;
}

// Members whose presence and type the shape check has seen.
std::int64_t number(const Json& body, const char* key) { return int_or(body, key, 0); }

NamedFile file_in(const Json& body) { return named_file_from(body.at("file")).value_or(NamedFile()); }

// What the records claim and the file holds, side by side: the first that differs.
std::string difference(const Json& body, const SegmentFacts& facts) {
  if (facts.frames != number(body, "frames")) return "frames";
  if (facts.first_pts != number(body, "first_pts")) return "first_pts";
  if (facts.last_duration != number(body, "last_duration")) return "last_duration";
  if (facts.end_pts != number(body, "last_pts") + number(body, "last_duration")) return "last_pts";
  if (facts.key != bool_or(body, "key", false)) return "key";
  return "";
}

std::string difference(const Json& body, const InitFacts& facts) {
  if (facts.time_scale != number(body, "time_base")) return "time_base";
  if (facts.width != number(body, "width") || facts.height != number(body, "height")) return "width, height";
  if (facts.codec != string_or(body, "codec", "")) return "codec";
  return "";
}

}  // namespace

Result<void> SourceCheck::source(const Json& body, const std::string& where) {
  const std::string name = string_or(body, "source", "");
  if (!is_source_name(name) || sources_.contains(name)) {
    job_.report.add(Reason::source, where, name);
    TRY(check_file(job_, base_, file_in(body)));
    return {};
  }
  TRY(job_.room.take(kBytesASource, "sources"));
  State& state = sources_[name];
  state.start_us = number(body, "start_us");
  state.span.start_us = state.start_us;
  follow(state, body, where);
  if (number(body, "time_base") != kTicksPerSecond) job_.report.add(Reason::record_shape, where, "time_base is not 90000");
  const NamedFile file = file_in(body);
  state.span.init_sha256 = file.sha256;
  const std::string path = below(base_, file.path);
  if (file.path != init_path(name)) job_.report.add(Reason::record_shape, where, "file is not " + init_path(name));
  const bool whole = TRY(check_file(job_, base_, file));
  if (!whole) return {};
  if (!job_.tree.fits(path, kInitBytes)) {
    job_.report.add(Reason::media_shape, path, "longer than any init.mp4 is");
    return {};
  }
  const Bytes bytes = TRY(job_.tree.read(path, kInitBytes));
  const auto facts = read_init(bytes);
  if (!facts.ok()) {
    job_.report.add(Reason::media_shape, path, facts.error().text);
    return {};
  }
  const std::string off = difference(body, *facts);
  if (!off.empty()) job_.report.add(Reason::media_mismatch, path, off);
  state.init = *facts;
  return {};
}

// A screen of another size, a camera that changed: the pictures go on in another source.
void SourceCheck::follow(State& state, const Json& body, const std::string& where) {
  if (!body.contains("follows")) return;
  const std::string name = string_or(body, "follows", "");
  const auto found = sources_.find(name);
  if (found == sources_.end() || &found->second == &state || found->second.followed)
    return job_.report.add(Reason::source, where, "it follows " + name);
  found->second.followed = true;
  state.last_us = found->second.last_us;
}

std::shared_ptr<const Inits> SourceCheck::inits() const {
  auto list = std::make_shared<Inits>();
  for (const auto& [name, state] : sources_)
    if (state.init) list->emplace(name, *state.init);
  return list;
}

Result<void> SourceCheck::segment(const Record& record, const std::optional<Result<SegmentFacts>>& facts, const std::string& where) {
  const std::string name = string_or(record.body, "source", "");
  const auto found = sources_.find(name);
  if (found == sources_.end()) {
    job_.report.add(Reason::source, where, name);
    TRY(check_file(job_, base_, file_in(record.body)));
    return {};
  }
  State& state = found->second;
  const std::int64_t no = number(record.body, "no");
  if (state.followed) job_.report.add(Reason::segment_order, where, "behind the source that follows it");
  if (no != state.next_no) job_.report.add(Reason::segment_order, where, "expected no " + std::to_string(state.next_no));
  state.next_no = no + 1;
  continuity(state, record.body, where);
  clock(state, record, where);
  keys(state, record.body, where);
  return media(state, record.body, facts, where);
}

void SourceCheck::gap(const Record& record, const std::string& where) {
  const Json& body = record.body;
  const std::string name = string_or(body, "source", "");
  job_.report.add(Gap{record.head.owner, name, string_or(body, "cause", ""), number(body, "from_us"), number(body, "to_us")});
  job_.report.add(Reason::gap, where, name + ", " + string_or(body, "cause", ""));
  if (const auto found = sources_.find(name); found != sources_.end()) found->second.gap = true;
}

void SourceCheck::continuity(State& state, const Json& body, const std::string& where) {
  const std::int64_t first = number(body, "first_pts");
  const std::int64_t end = number(body, "last_pts") + number(body, "last_duration");
  const bool joined = !state.end_pts || first == *state.end_pts;
  const bool jumped_with_gap = state.end_pts && first > *state.end_pts && state.gap;
  if (end <= first || (!joined && !jumped_with_gap)) job_.report.add(Reason::discontinuity, where);
  if (number(body, "longest_us") > kFramesApartUs) job_.report.add(Reason::frames_apart, where);
  if (!state.end_pts) continuity_across(state, body, where);
  if (!state.end_pts) state.span.first_pts = first, state.span.gap_first = state.gap;
  state.end_pts = end;
  state.span.end_pts = end;
  state.last_us = number(body, "last_us");
  state.gap = false;
  if (end > first && end - first < kMostTicks) state.ticks += end - first;
}

void SourceCheck::continuity_across(const State& state, const Json& body, const std::string& where) {
  if (!state.last_us) return;
  const std::int64_t apart_us = number(body, "first_us") - *state.last_us;
  if (apart_us < 0 || (apart_us > kFramesApartUs && !state.gap)) job_.report.add(Reason::discontinuity, where, "behind the source that it follows");
}

// Frame times are BOOTTIME seen through the source's own origin; and nothing is sealed before it was seen, or long after.
void SourceCheck::clock(const State& state, const Record& record, const std::string& where) {
  const auto off = [&](const char* pts, const char* us) {
    const std::int64_t expected = state.start_us + us_of(number(record.body, pts));
    return std::abs(number(record.body, us) - expected) > kPtsToleranceUs;
  };
  const std::int64_t age_us = record.head.boot_us - number(record.body, "last_us");
  const bool early = age_us < -kPtsToleranceUs;
  if (off("first_pts", "first_us") || off("last_pts", "last_us") || early) job_.report.add(Reason::frame_clock, where);
  if (age_us > kSealedLateUs || record.body.contains("sealed_late_us")) job_.report.add(Reason::sealed_late, where);
}

void SourceCheck::keys(State& state, const Json& body, const std::string& where) {
  const std::int64_t first = number(body, "first_pts");
  const bool key = bool_or(body, "key", false);
  const bool late = state.key_pts ? first - *state.key_pts > kKeyApartTicks : !key;
  if (late) job_.report.add(Reason::key_apart, where);
  if (key || late) state.key_pts = first;
}

Result<void> SourceCheck::media(const State& state, const Json& body, const std::optional<Result<SegmentFacts>>& facts,
                                const std::string& where) {
  const NamedFile file = file_in(body);
  const std::string path = below(base_, file.path);
  const std::string expected = segment_path(string_or(body, "source", ""), number(body, "no"));
  if (file.path != expected) job_.report.add(Reason::record_shape, where, "file is not " + expected);
  const bool whole = TRY(check_file(job_, base_, file));
  if (!whole || !state.init) return {};
  if (!facts) return fail(ErrorKind::io, "a file that was there a moment ago cannot be read: " + path);
  if (!facts->ok()) {
    job_.report.add(Reason::media_shape, path, facts->error().text);
    return {};
  }
  const SegmentFacts& found = facts->value();
  const std::string off = difference(body, found);
  if (!off.empty()) job_.report.add(Reason::media_mismatch, path, off);
  const bool apart = found.longest > kFramesApartTicks;
  if (apart && number(body, "longest_us") <= kFramesApartUs) job_.report.add(Reason::media_mismatch, path, "longest_us");
  return {};
}

std::map<std::string, SourceSpan> SourceCheck::spans() const {
  std::map<std::string, SourceSpan> spans;
  for (const auto& [name, state] : sources_) spans[name] = state.span;
  return spans;
}

std::int64_t SourceCheck::picture_us() const {
  std::int64_t longest = 0;
  for (const auto& [name, state] : sources_) longest = std::max(longest, us_of(state.ticks));
  return longest;
}

}  // namespace netsampler::verify
