#include "capture/camera/camera_waybill.h"

#include <algorithm>
#include <set>

namespace netsampler::capture {
namespace {

constexpr std::size_t kTextsLimit = 64;
constexpr int kLooks = 10;
constexpr int kTimes = 2;         // readings of the same text before it counts
constexpr int kConfidence = 95;   // two readings whose check digits agree

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

Note fact_of(const Code& code, std::int64_t at_us, const std::string& source) {
  const Rect rect = bounds_of(code);
  Note note{"fact", Json::object(), Json::object()};
  note.body = {{"kind", "parcel"},   {"item", "40-1"},     {"name", "parcel.waybill"},
               {"from", "barcode"},  {"source", source},   {"from_us", at_us},
               {"rect", {rect.x, rect.y, rect.width, rect.height}}, {"confidence", kConfidence}};
  note.personal = {{"value", code.text}, {"raw", code.format + ":" + code.text}};
  return note;
}

Note chapter_of(std::int64_t first_us, const std::string& source) {
  return {"chapter", {{"item", "40-1"}, {"source", source}, {"from_us", first_us}}, Json::object()};
}

}  // namespace

bool plausible_waybill(const Code& code) {
  if (code.format.starts_with("EAN") || code.format.starts_with("UPC")) return false;
  const auto& text = code.text;
  if (text.size() < 8 || text.size() > 34) return false;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_capital(c); })) return false;
  return std::count_if(text.begin(), text.end(), is_digit) >= 6;
}

std::vector<Note> WaybillSightings::take(const std::vector<Code>& codes, std::int64_t at_us, const std::string& source) {
  std::vector<Note> notes;
  looks_left_ = std::max(0, looks_left_ - 1);
  std::set<std::string> here;  // a label printed twice in one picture is one reading
  for (const Code& code : codes) {
    if (!plausible_waybill(code) || !here.insert(code.text).second) continue;
    if (!seen_.contains(code.text) && seen_.size() >= kTextsLimit) continue;
    Sighting& sighting = seen_[code.text];
    if (sighting.times == 0) {
      sighting.first_us = at_us;
      looks_left_ = kLooks;
    }
    if (++sighting.times != kTimes) continue;
    looks_left_ = 0;
    notes.push_back(fact_of(code, at_us, source));
    notes.push_back(chapter_of(sighting.first_us, source));
  }
  return notes;
}

}  // namespace netsampler::capture
