#include "evidence/package/profile.h"

namespace netsampler {
namespace {

struct Row {
  const char* profile;
  const char* type;
  const char* member;  // the public member that decides, or nullptr: every record of the type
  const char* prefix;  // of that member's text
  bool show;
};
// The first row that fits decides.
constexpr Row kRows[] = {
    {"seller", "fact", "name", "product.", true},      {"seller", "fact", "name", "shop.", true},
    {"seller", "fact", "name", "licence.", true},      {"seller", "fact", "name", "price.", true},
    {"seller", "fact", "name", "order.line", true},    {"seller", "fact", "name", "order.placed_at", true},
    {"seller", "fact", "name", "order.payable", true}, {"seller", "fact", "name", "order.paid", true},
    {"seller", "fact", "name", "search.", true},       {"seller", "fact", "name", "clock.", true},
    {"seller", "page", "kind", "search", true},        {"seller", "page", "kind", "product", true},
    {"seller", "page", "kind", "shop", true},          {"seller", "page", "kind", "licence", true},
    {"seller", "case_open", nullptr, nullptr, true},   {"panel", "fact", "name", "consignee.", false},
    {"panel", "fact", "name", "payment.", false},      {"panel", "page", "kind", "payment", false},
};

bool fits(const Row& row, const std::string& profile, const Record& record) {
  if (profile != row.profile || record.head.type != row.type) return false;
  return row.member == nullptr || string_or(record.body, row.member, "").starts_with(row.prefix);
}

}  // namespace

bool is_profile(const std::string& profile) { return profile == "full" || profile == "panel" || profile == "seller"; }

bool shows(const std::string& profile, const Record& record) {
  if (profile == "full") return true;
  for (const Row& row : kRows)
    if (fits(row, profile, record)) return row.show;
  return profile == "panel";
}

bool shows_file(const std::string& profile, const std::string& path) { return profile == "full" || !path.ends_with(".openings"); }

}  // namespace netsampler
