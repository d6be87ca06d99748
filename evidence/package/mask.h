// What is left out of a package: a profile's table (profile.h), and an officer's own rules with their reason. One procedure for exports
// and for `netsampler mask`: a Mask is asked for each opening and each file, and counts what each rule hit.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evidence/base/result.h"
#include "evidence/package/profile.h"

namespace netsampler {

struct MaskRules {
  std::vector<std::string> fields;  // "TYPE.FIELD" or "TYPE.*" of a kind of record ("page.url"), else the beginning of a fact's name ("consignee.")
  std::vector<std::string> files;   // shell patterns over paths below data/, '*' also matches '/': "recordings/*/pages/3/*"
  std::optional<std::int64_t> from_us, to_us;  // UTC, either may be open: segments and page archives that overlap
  std::string reason;  // needed where there is a rule (is_withheld_reason)
  bool any() const { return !fields.empty() || !files.empty() || from_us || to_us; }
};

class Mask {
 public:
  // `usage`: no such profile, rules without a reason, a reason that is none, a range that ends before it begins; `by` is no account id.
  static Result<Mask> make(const std::string& profile, const MaskRules& rules, const std::string& by);

  const std::string& profile() const { return profile_; }
  const std::string& by() const { return by_; }
  bool withholds_nothing() const { return profile_ == "full" && !rules_.any(); }

  // The reason why not; empty: it is shown. Each call that a rule answers counts as its hit.
  std::string opening(const RecordFacts& record, const std::string& field);
  std::string path(const std::string& package_path);             // by the patterns alone; "data/…"
  std::string span(std::int64_t from_us, std::int64_t to_us);    // by the range alone; UTC

  // `usage` names a rule that has hit nothing: a slip of the pen must not pass for a masked name.
  Result<void> check_hits() const;

 private:
  Mask(std::string profile, MaskRules rules, std::string by);
  std::string profile_, by_;
  MaskRules rules_;
  std::vector<bool> field_hits_, file_hits_;
  bool span_hit_ = false;
};

}  // namespace netsampler
