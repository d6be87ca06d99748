// Does the time in a chain's records hold together? Within a boot BOOTTIME never runs backwards, and UTC follows it:
// |Δat − Δboot| ≤ err1 + err2 + 500 ppm · Δboot, against the record before and against the first since the last step.
#pragma once
#include <optional>

#include "evidence/verify/job.h"

namespace netsampler::verify {

class TimeCheck {
 public:
  explicit TimeCheck(Job& job) : job_(job) {}
  void take(const Envelope& head, const std::string& where);
  std::int64_t worst_error_us() const { return worst_error_us_; }

 private:
  bool agrees(const Envelope& earlier, const Envelope& later) const;
  Job& job_;
  std::optional<Envelope> first_, last_;
  std::int64_t worst_error_us_ = 0;
};

}  // namespace netsampler::verify
