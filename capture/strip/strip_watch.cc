#include "capture/strip/strip_watch.h"

namespace netsampler::capture {

std::optional<Note> StripWatch::look(bool present, std::int64_t now_us) {
  last_us_ = now_us;
  if (present) return finish(now_us);
  if (!absent_from_us_) absent_from_us_ = now_us;
  ++looks_;
  return std::nullopt;
}

std::optional<Note> StripWatch::finish(std::int64_t now_us) {
  if (!absent_from_us_) return std::nullopt;
  Note note{"finding",
            {{"code", "strip-absent"},
             {"severity", "partial"},
             {"source", source_},
             {"from_us", *absent_from_us_},
             {"to_us", now_us},
             {"count", looks_}},
            Json::object()};
  absent_from_us_.reset();
  looks_ = 0;
  return note;
}

}  // namespace netsampler::capture
