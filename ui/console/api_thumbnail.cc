#include "ui/console/api_thumbnail.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "evidence/base/json.h"
#include "evidence/base/process.h"
#include "ui/console/api_playlist.h"
#include "ui/console/api_routes.h"

namespace netsampler {
namespace {

constexpr std::size_t kErrorBytes = 4096;

// The decoder's one line, without its name.
std::string words_in(const Fd& file) {
  if (::lseek(file.get(), 0, SEEK_SET) != 0) return "";
  const auto bytes = read_all(file.get(), kErrorBytes);
  const std::string text = bytes.ok() ? std::string(as_text(*bytes)) : "";
  constexpr std::string_view kName = "netsampler-pictures: ";
  const std::string line = text.substr(0, std::min<std::size_t>(text.find('\n'), 400));
  return line.starts_with(kName) ? line.substr(kName.size()) : line;
}

// "{…}\n" and the JPEG, as netsampler-pictures --thumbnail prints them.
Result<ThumbnailPicture> parse_answer(const std::string& text, const SegmentRow& newest) {
  const std::size_t end = text.find('\n');
  if (end == std::string::npos) return fail(ErrorKind::invalid, "the decoder gave no picture");
  const Json about = TRY(parse_any(std::string_view(text).substr(0, end)));
  ThumbnailPicture picture{newest.no, newest.last_us, 0, 0, int_or(about, "cpu_us", 0), text.substr(end + 1)};
  if (int_or(about, "pts", -1) != newest.last_pts || int_or(about, "bytes", -1) != static_cast<std::int64_t>(picture.jpeg.size()))
    return fail(ErrorKind::invalid, newest.path + "：最后一帧无法解码 / its last picture cannot be decoded");
  const auto time = about.find("time");
  const bool told = time != about.end() && time->is_array() && time->size() == 4 &&
                    std::all_of(time->begin(), time->end(), [](const Json& each) { return each.is_number_integer(); });
  if (!told) return picture;
  picture.boot_us = (*time)[1].get<std::int64_t>(), picture.utc_us = (*time)[2].get<std::int64_t>(), picture.utc_error_us = (*time)[3].get<std::int64_t>();
  return picture;
}

}  // namespace

std::vector<SegmentRow> newest_group(const std::vector<SegmentRow>& newest) {
  std::vector<SegmentRow> group;
  for (auto row = newest.rbegin(); row != newest.rend(); ++row) {
    if (!group.empty() && row->no + 1 != group.back().no) return {};
    group.push_back(*row);
    if (duration_us(group) > kGroupUs || static_cast<std::int64_t>(group.size()) > kGroupSegments) return {};
    if (!row->key) continue;
    std::reverse(group.begin(), group.end());
    return group;
  }
  return {};
}

void Thumbnails::make_room(Entries& entries) {
  if (entries.size() <= kKept) return;
  auto oldest = entries.end();
  for (auto at = entries.begin(); at != entries.end(); ++at)
    if (!at->second.making && (oldest == entries.end() || at->second.asked_boot_us < oldest->second.asked_boot_us)) oldest = at;
  if (oldest != entries.end()) entries.erase(oldest);
}

// True where a child is wanted and may run; its place is then taken.
bool Thumbnails::reserve(const std::string& key, std::int64_t no) {
  const std::int64_t now = clock_.boot_us();
  return entries_.with([&](Entries& entries) {
    Entry& entry = entries[key];
    entry.asked_boot_us = now;
    const auto busy = std::count_if(entries.begin(), entries.end(), [](const auto& e) { return e.second.making; });
    if (entry.making || entry.no == no || now < entry.rests_until_boot_us || static_cast<std::size_t>(busy) >= kRunsAtOnce) return false;
    entry.making = true;
    make_room(entries);
    return true;
  });
}

Result<ThumbnailPicture> Thumbnails::make(const ThumbnailWanted& wanted) const {
  if (wanted.group.empty()) return fail(ErrorKind::invalid, "最近一组分段没有关键帧或过长 / the newest segments have no key picture, or one too far back");
  const Fd errors(::memfd_create("thumbnail", MFD_CLOEXEC));
  if (!errors.valid()) return fail_errno("memory for the decoder's words");
  ProcessOptions options;
  options.arguments = {program_, data_ + "/recordings/" + wanted.recording + "/media/" + wanted.source, "--thumbnail", std::to_string(kWidth), "--init", wanted.init_sha256};
  for (const SegmentRow& row : wanted.group) options.arguments.insert(options.arguments.end(), {"--segment", std::to_string(row.no) + ":" + row.sha256});
  options.descriptors = {{errors.get(), 2}};
  options.nice = 19;
  const Outcome outcome = TRY(run_program(options, kTimeLimitMs, kAnswerLimit));
  if (outcome.code == 0) return parse_answer(outcome.text, wanted.group.back());
  const std::string said = words_in(errors);
  return fail(ErrorKind::invalid, said.empty() ? "解码程序以代码 " + std::to_string(outcome.code) + " 结束 / the decoder ended with code " + std::to_string(outcome.code) : said);
}

ThumbnailState Thumbnails::ask(const ThumbnailWanted& wanted) {
  const std::string key = wanted.recording + "/" + wanted.source;
  const std::int64_t no = wanted.group.empty() ? -2 : wanted.group.back().no;
  if (!reserve(key, no)) return entries_.with([&](Entries& entries) { return entries[key].state; });
  const std::int64_t began_us = clock_.boot_us();
  auto made = make(wanted);
  const std::int64_t now_us = clock_.boot_us();
  const std::int64_t took_us = made.ok() ? made->cpu_us : now_us - began_us;
  const bool tired = !made.ok() && made.error().kind == ErrorKind::unavailable;  // a busy machine is no damage: it is tried again
  ThumbnailState state;
  if (made.ok()) state.picture = std::make_shared<const ThumbnailPicture>(made.take());
  else state.error = made.error().text;
  return entries_.with([&](Entries& entries) {
    Entry& entry = entries[key];
    entry.making = false;
    if (!tired) entry.no = no, entry.state = state;
    entry.rests_until_boot_us = now_us + kRests * took_us;
    return entry.state;
  });
}

namespace {

struct Wanted {
  RecordingRow recording;
  SourceRow source;
  std::vector<SegmentRow> newest;
};

Result<Wanted> find_wanted(Call& call) {
  const IndexReader index = TRY(call.console.index());
  Wanted wanted;
  wanted.recording = TRY(index.recording(call.names["recording"]));
  const auto sources = TRY(index.sources(wanted.recording.id));
  const auto source = std::find_if(sources.begin(), sources.end(), [&](const SourceRow& s) { return s.source == call.names["source"]; });
  if (source == sources.end()) return fail(ErrorKind::not_found, "没有这个画面 / no such source");
  wanted.source = *source;
  wanted.newest = TRY(index.newest_segments(wanted.recording.id, source->source, kGroupSegments));
  if (wanted.newest.empty()) return fail(ErrorKind::not_found, "这个画面还没有封存的分段 / no segment of this source is sealed yet");
  return wanted;
}

// How old what was sealed last is: by the box's own clock, and only of a recording that goes on.
void add_newest(HttpReply& reply, const Call& call, const Wanted& wanted) {
  const SegmentRow& newest = wanted.newest.back();
  reply.headers.emplace_back("X-Newest-Segment", std::to_string(newest.no));
  if (wanted.recording.state != "open") return;
  const std::int64_t age_us = call.console.clock.boot_us() - newest.last_us;
  reply.headers.emplace_back("X-Newest-Age-Us", std::to_string(std::max<std::int64_t>(age_us, 0)));
}

HttpReply picture_reply(const Call& call, const Wanted& wanted, const ThumbnailPicture& picture) {
  const std::string tag = "\"" + std::to_string(picture.no) + "\"";
  const std::int64_t utc_us = picture.utc_us > 0 ? picture.utc_us : wanted.recording.opened_at_us + picture.boot_us - wanted.recording.opened_boot_us;
  const bool known = header_of(call.request, "if-none-match") == tag;
  HttpReply reply = reply_text(known ? "" : picture.jpeg, "image/jpeg", known ? 304 : 200);
  reply.headers = {{"ETag", tag},
                   {"X-Picture-Segment", std::to_string(picture.no)},
                   {"X-Picture-Boot-Us", std::to_string(picture.boot_us)},
                   {"X-Picture-At-Us", std::to_string(utc_us)},
                   {"X-Picture-Error-Us", std::to_string(picture.utc_error_us)}};
  return reply;
}

}  // namespace

Result<HttpReply> get_thumbnail(Call& call) {
  const Wanted wanted = TRY(find_wanted(call));
  const ThumbnailState state =
      call.console.thumbnails.ask({wanted.recording.id, wanted.source.source, wanted.source.init_sha256, newest_group(wanted.newest)});
  HttpReply reply = state.picture          ? picture_reply(call, wanted, *state.picture)
                    : !state.error.empty() ? reply_json({{"error", state.error}, {"kind", "damaged"}}, 500)
                                           : reply_json({{"error", "正在解码，请稍候再取 / being decoded, ask again"}, {"kind", "busy"}}, 409);
  add_newest(reply, call, wanted);
  return reply;
}

}  // namespace netsampler
