#include "crawler/page_quiet.h"

#include <algorithm>

namespace netsampler {
namespace {

constexpr std::int64_t kSecond_us = 1'000'000;
constexpr std::size_t kRequestLimit = 4096;

std::int64_t doubled(std::int64_t spacing_us, std::int64_t first_us, std::int64_t most_us) {
  return std::min(std::max(spacing_us * 2, first_us), most_us);
}

}  // namespace

void PageQuiet::touch(std::int64_t now_us) {
  if (since_us_ == 0) since_us_ = now_us;
  last_us_ = now_us;
}

void PageQuiet::committed(std::int64_t now_us) {
  *this = PageQuiet();
  touch(now_us);
}

void PageQuiet::loaded(std::int64_t now_us) {
  loaded_ = true;
  touch(now_us);
}

void PageQuiet::changed(std::int64_t now_us) { touch(now_us); }

void PageQuiet::request_started(const std::string& id, std::int64_t now_us) {
  if (requests_.size() < kRequestLimit) requests_[id] = now_us;
  touch(now_us);
}

void PageQuiet::request_ended(const std::string& id, std::int64_t now_us) {
  if (requests_.erase(id) > 0) touch(now_us);
}

bool PageQuiet::in_flight(std::int64_t now_us) const {
  return std::any_of(requests_.begin(), requests_.end(),
                     [&](const auto& request) { return now_us - request.second < kQuietBound_us; });
}

Due PageQuiet::due(std::int64_t now_us) const {
  if (since_us_ == 0 || now_us < not_before_us_) return Due::no;
  if (loaded_ && !in_flight(now_us) && now_us - last_us_ >= kQuiet_us) return Due::quiet;
  return now_us - since_us_ >= kQuietBound_us ? Due::bound : Due::no;
}

void PageQuiet::looking() { since_us_ = 0; }

Seen PageQuiet::looked(std::int64_t now_us, Seen seen) {
  if (seen == Seen::digits && now_us < digits_not_before_us_) seen = Seen::nothing_new;
  if (seen == Seen::digits) {
    digits_us_ = doubled(digits_us_, kSecond_us, 60 * kSecond_us);
    digits_not_before_us_ = now_us + digits_us_;
  }
  const bool idle = seen == Seen::nothing_new || seen == Seen::failed;
  idle_us_ = idle ? doubled(idle_us_, kSecond_us / 2, 2 * kSecond_us) : 0;
  not_before_us_ = now_us + idle_us_;
  if (seen == Seen::failed) touch(now_us);  // it is still owed
  return seen;
}

}  // namespace netsampler
