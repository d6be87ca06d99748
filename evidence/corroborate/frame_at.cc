#include "evidence/corroborate/frame_at.h"

#include <algorithm>

#include "evidence/vision/frames.h"

namespace netsampler::corroborate {
namespace {

constexpr std::size_t kSegmentLimit = 64, kBytesLimit = 256u << 20;
constexpr std::int64_t kStaleTicks = 2 * 90'000;

std::int64_t pts_of(const SourceSeen& source, std::int64_t moment_us) { return (moment_us - source.start_us) * 9 / 100; }
std::int64_t end_of(const SegmentSeen& segment) { return segment.last_pts + segment.last_duration; }

const SourceSeen* screen_at(const RecordingView& recording, std::int64_t moment_us) {
  const SourceSeen* found = nullptr;
  for (const SourceSeen& source : recording.sources())
    if (source.medium == "screen" && !source.segments.empty() && source.segments.front().first_pts <= pts_of(source, moment_us)) found = &source;
  return found;
}

// The segment in which that picture lies; its number in the list.
std::size_t segment_at(const SourceSeen& source, std::int64_t pts) {
  const auto behind = std::upper_bound(source.segments.begin(), source.segments.end(), pts,
                                       [](std::int64_t wanted, const SegmentSeen& segment) { return wanted < segment.first_pts; });
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(behind - source.segments.begin(), 1) - 1);
}

Result<Bytes> film_of(const RecordingView& recording, const SourceSeen& source, std::size_t first, std::size_t last) {
  while (first > 0 && !source.segments[first].key) --first;
  if (last - first >= kSegmentLimit) return fail(ErrorKind::invalid, "no key picture within " + std::to_string(kSegmentLimit) + " segments");
  Bytes film = TRY(recording.read(source.init));
  for (std::size_t i = first; i <= last; ++i) {
    append(film, TRY(recording.read(source.segments[i].file)));
    if (film.size() > kBytesLimit) return fail(ErrorKind::full, "the segments of one picture are too long");
  }
  return film;
}

}  // namespace

bool is_sealed_until(const RecordingView& recording, std::int64_t moment_us) {
  const SourceSeen* source = screen_at(recording, moment_us);
  return source != nullptr && end_of(source->segments.back()) >= pts_of(*source, moment_us);
}

Result<std::vector<Picture>> pictures_at(const RecordingView& recording, const std::vector<std::int64_t>& moments_us) {
  const SourceSeen* source = moments_us.empty() ? nullptr : screen_at(recording, moments_us.front());
  if (source == nullptr) return fail(ErrorKind::not_found, "no screen was recorded then");
  const std::int64_t first_pts = pts_of(*source, moments_us.front()), last_pts = pts_of(*source, moments_us.back());
  const Bytes film = TRY(film_of(recording, *source, segment_at(*source, first_pts), segment_at(*source, last_pts)));
  FrameReader reader = TRY(FrameReader::open_bytes(film, PixelForm::bgr));
  std::vector<Picture> pictures;
  for (const std::int64_t moment_us : moments_us) {
    const std::int64_t pts = pts_of(*source, moment_us);
    const auto frame = reader.at(pts);
    if (!frame.ok() || pts - frame->pts > kStaleTicks || frame->pts > pts) break;
    pictures.push_back({source->source, source->segments[segment_at(*source, frame->pts)].no, frame->pts, gray_of(frame->view())});
  }
  return pictures;
}

}  // namespace netsampler::corroborate
