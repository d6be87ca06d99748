#include "ui/console/api_case_json.h"

#include <algorithm>
#include <array>

namespace netsampler {
namespace {

constexpr std::array kItems{"39-1", "39-2", "39-3", "39-4", "39-5", "39-6", "39-7", "40-1", "40-2", "40-3", "40-4", "40-5"};

struct Place {
  std::int64_t boot_us = 0, page = 0;
  std::string source;
};

const PageRow* page_of(const RecordingView& view, std::int64_t number) {
  const auto found = std::find_if(view.pages.begin(), view.pages.end(), [&](const PageRow& p) { return p.page == number; });
  return found == view.pages.end() ? nullptr : &*found;
}

// A fact of a page is shown where the page was looked at, any other when it was recorded.
Place place_of(const RecordingView& view, const FactRow& fact) {
  const PageRow* page = fact.page > 0 ? page_of(view, fact.page) : nullptr;
  if (page) return {page->from_us, page->page, ""};
  return {view.row.opened_boot_us + (fact.at_us - view.row.opened_at_us), fact.page, ""};
}

// One place a page, in the order of time.
std::vector<Place> places_of(const RecordingView& view, const std::string& item) {
  std::vector<Place> places;
  for (const ChapterRow& c : view.chapters)
    if (c.item == item) places.push_back({c.from_us, c.page, c.source});
  for (const FactRow& f : view.facts)
    if (f.item == item) places.push_back(place_of(view, f));
  for (const MarkRow& m : view.marks)
    if (m.item == item) places.push_back({m.from_us, 0, ""});
  std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.boot_us < b.boot_us; });
  constexpr std::int64_t kOneLookUs = 1'000'000;  // a fact and its chapter of one look into the pictures: one place to jump to
  const auto same = [](const Place& a, const Place& b) {
    if (a.page > 0 && b.page > 0) return a.page == b.page || a.boot_us == b.boot_us;
    return b.boot_us - a.boot_us < kOneLookUs;
  };
  places.erase(std::unique(places.begin(), places.end(), same), places.end());
  return places;
}

Json place_json(const RecordingView& view, const Place& place) {
  Json json = {{"recording", view.row.id},
               {"at_us", utc_of(view.row, place.boot_us)},
               {"positions", positions(view, place.boot_us, place.source)}};
  if (place.page > 0) json["page"] = place.page;
  return json;
}

using Agreements = std::map<std::string, bool>;  // "recording page name" → what the last corroboration said

std::string agreement_key(const std::string& recording, std::int64_t page, const std::string& name) {
  return recording + " " + std::to_string(page) + " " + name;
}

void collect(Agreements& agreements, const std::vector<RecordRow>& records, const std::string& recording) {
  for (const RecordRow& r : records) {
    if (r.type != "corroboration") continue;
    const std::string of = recording.empty() ? string_or(r.body, "recording", "") : recording;
    agreements[agreement_key(of, int_or(r.body, "page", 0), string_or(r.body, "name", ""))] = bool_or(r.body, "agrees", false);
  }
}

Json fact_json(const std::string& recording, const FactRow& fact, const Agreements& agreements) {
  Json json = {{"recording", recording}, {"page", fact.page}, {"kind", fact.kind}, {"item", fact.item},
               {"name", fact.name},      {"value", fact.value}, {"is_money", fact.amount_minor.has_value()}, {"from", fact.from}};
  if (!fact.raw.empty()) json["raw"] = fact.raw;
  if (fact.confidence > 0) json["confidence"] = fact.confidence;
  if (fact.rect.is_array() && fact.rect.size() == 4) json["rect"] = fact.rect;
  const auto found = agreements.find(agreement_key(recording, fact.page, fact.name));
  if (found != agreements.end()) json["agrees"] = found->second;
  return json;
}

}  // namespace

Json facts_json(const std::vector<RecordingView>& views, const std::vector<RecordRow>& book) {
  Agreements agreements;
  for (const RecordingView& view : views) collect(agreements, view.others, view.row.id);
  collect(agreements, book, "");
  Json list = Json::array();
  for (const RecordingView& view : views)
    for (const FactRow& fact : view.facts) list.push_back(fact_json(view.row.id, fact, agreements));
  return list;
}

Json items_json(const std::vector<RecordingView>& views) {
  Json list = Json::array();
  for (const char* item : kItems) {
    Json places = Json::array();
    for (const RecordingView& view : views)
      for (const Place& place : places_of(view, item)) places.push_back(place_json(view, place));
    list.push_back({{"item", item}, {"satisfied", !places.empty()}, {"places", places}});
  }
  return list;
}

std::set<std::string> items_satisfied(const std::vector<ChapterRow>& chapters, const std::vector<FactRow>& facts,
                                      const std::vector<MarkRow>& marks) {
  std::set<std::string> items;
  for (const auto& row : chapters) items.insert(row.item);
  for (const auto& row : facts) items.insert(row.item);
  for (const auto& row : marks) items.insert(row.item);
  std::erase_if(items, [](const std::string& i) { return std::find(kItems.begin(), kItems.end(), i) == kItems.end(); });
  return items;
}

std::size_t item_count() { return kItems.size(); }

}  // namespace netsampler
