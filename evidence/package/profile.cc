#include "evidence/package/profile.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace netsampler {
namespace {

constexpr std::array kProfiles{"full", "panel", "seller", "public"};

struct Row {
  const char* profile;
  const char* type;
  const char* prefix;  // of a fact's name, a page's kind; "": whichever
  const char* field;   // "": each
  bool show;
};
// Openings. The first row that fits decides; where none does, a panel is shown it, others are not.
constexpr Row kRows[] = {
    {"seller", "fact", "product.", "", true},     {"seller", "fact", "shop.", "", true},
    {"seller", "fact", "licence.", "", true},     {"seller", "fact", "price.", "", true},
    {"seller", "fact", "order.line", "", true},   {"seller", "fact", "order.placed_at", "", true},
    {"seller", "fact", "order.payable", "", true}, {"seller", "fact", "order.paid", "", true},
    {"seller", "fact", "search.", "", true},      {"seller", "fact", "clock.", "", true},
    {"seller", "page", "search", "", true},       {"seller", "page", "product", "", true},
    {"seller", "page", "shop", "", true},         {"seller", "page", "licence", "", true},
    {"seller", "case_open", "", "product", true}, {"seller", "case_open", "", "shop", true},
    {"panel", "fact", "consignee.", "", false},   {"panel", "fact", "order.consignee", "", false},
    {"panel", "fact", "payment.", "", false},     {"panel", "page", "payment", "", false},
};

struct PageRow {
  const char* profile;
  const char* kind;
};
// Archives and pictures of pages that are shown; all others hold names, addresses and telephone numbers, or may.
constexpr PageRow kPages[] = {
    {"seller", "search"}, {"seller", "product"}, {"seller", "shop"}, {"seller", "licence"},
    {"panel", "search"},  {"panel", "product"},  {"panel", "shop"},  {"panel", "licence"},
};

const std::string& deciding(const RecordFacts& record) { return record.type == "page" ? record.kind : record.name; }

}  // namespace

bool is_profile(const std::string& profile) { return std::find(kProfiles.begin(), kProfiles.end(), profile) != kProfiles.end(); }

bool shows(const std::string& profile, const RecordFacts& record, const std::string& field) {
  if (profile == "full") return true;
  for (const Row& row : kRows) {
    const bool fits = profile == row.profile && record.type == row.type && deciding(record).starts_with(row.prefix);
    if (fits && (*row.field == '\0' || field == row.field)) return row.show;
  }
  return profile == "panel";
}

bool shows_page(const std::string& profile, const std::string& page_kind) {
  return profile == "full" || std::any_of(std::begin(kPages), std::end(kPages), [&](const PageRow& row) {
           return profile == row.profile && page_kind == row.kind;
         });
}

bool shows_book_file(const std::string& profile, const std::string& path) {
  if (profile == "full" || profile == "panel") return profile == "full" || !path.ends_with(".openings");
  return profile == "seller" && path.ends_with(".torn");
}

bool shows_media(const std::string& profile) { return profile != "public"; }

}  // namespace netsampler
