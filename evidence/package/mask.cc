#include "evidence/package/mask.h"

#include <fnmatch.h>

#include <algorithm>

#include "evidence/format/kinds.h"
#include "evidence/format/names.h"
#include "evidence/format/withheld.h"

namespace netsampler {
namespace {

bool is_kind(const std::string& type) {
  return find_kind(ChainKind::recording, type) != nullptr || find_kind(ChainKind::book, type) != nullptr;
}

bool fits(const std::string& rule, const RecordFacts& record, const std::string& field) {
  const std::size_t dot = rule.find('.');
  if (!is_kind(rule.substr(0, dot))) return record.name.starts_with(rule);
  return dot != std::string::npos && record.type == rule.substr(0, dot) && (rule.substr(dot + 1) == "*" || rule.substr(dot + 1) == field);
}

// The first that is false; then all have hit.
const std::string* idle(const std::vector<std::string>& rules, const std::vector<bool>& hits) {
  const auto found = std::find(hits.begin(), hits.end(), false);
  return found == hits.end() ? nullptr : &rules[static_cast<std::size_t>(found - hits.begin())];
}

Error hits_nothing(const std::string& rule) {
  return fail(ErrorKind::usage, "nothing is withheld by " + rule + " (see the package's chain.jsonl and files for what there is)");
}

}  // namespace

Mask::Mask(std::string profile, MaskRules rules, std::string by)
    : profile_(std::move(profile)), by_(std::move(by)), rules_(std::move(rules)), field_hits_(rules_.fields.size()), file_hits_(rules_.files.size()) {}

Result<Mask> Mask::make(const std::string& profile, const MaskRules& rules, const std::string& by) {
  if (!is_profile(profile)) return fail(ErrorKind::usage, "no such profile: " + profile + " (full, panel, seller or public)");
  if (!is_case_id(by)) return fail(ErrorKind::usage, "no account id: " + by + " (letters, digits, '.', '_', '-')");
  if (rules.any() && !is_withheld_reason(rules.reason))
    return fail(ErrorKind::usage, "what is withheld needs a reason (--reason TEXT, one line of at most " + std::to_string(kReasonBytes) + " bytes)");
  if (rules.from_us && rules.to_us && *rules.to_us < *rules.from_us) return fail(ErrorKind::usage, "the range ends before it begins");
  for (const auto& rule : rules.fields)
    if (rule.empty()) return fail(ErrorKind::usage, "an empty rule for members would withhold all (use --profile)");
  return Mask(profile, rules, by);
}

std::string Mask::opening(const RecordFacts& record, const std::string& field) {
  bool hit = false;
  for (std::size_t i = 0; i < rules_.fields.size(); ++i) {
    if (!fits(rules_.fields[i], record, field)) continue;
    field_hits_[i] = hit = true;
  }
  if (hit) return rules_.reason;
  return shows(profile_, record, field) ? "" : kReasonMember;
}

std::string Mask::path(const std::string& package_path) {
  bool hit = false;
  const std::string below = package_path.substr(std::string("data/").size());
  for (std::size_t i = 0; i < rules_.files.size(); ++i) {
    if (::fnmatch(rules_.files[i].c_str(), below.c_str(), 0) != 0) continue;
    file_hits_[i] = hit = true;
  }
  return hit ? rules_.reason : "";
}

std::string Mask::span(std::int64_t from_us, std::int64_t to_us) {
  if (!rules_.from_us && !rules_.to_us) return "";
  const bool hit = to_us >= rules_.from_us.value_or(from_us) && from_us <= rules_.to_us.value_or(to_us);
  span_hit_ = span_hit_ || hit;
  return hit ? rules_.reason : "";
}

Result<void> Mask::check_hits() const {
  if (const auto* rule = idle(rules_.fields, field_hits_)) return hits_nothing("--field " + *rule);
  if (const auto* rule = idle(rules_.files, file_hits_)) return hits_nothing("--file " + *rule);
  if ((rules_.from_us || rules_.to_us) && !span_hit_) return hits_nothing("--from-us, --to-us");
  return {};
}

}  // namespace netsampler
