// Tells the ledger: each measurement as a `clock` record of every open recording, and what is wrong with the clock as a finding,
// once for each recording and stretch. One connection, made anew after a loss; one thread.
#pragma once
#include <map>
#include <optional>
#include <set>

#include "evidence/ledger/client.h"

namespace netsampler::capture {

struct ClockTrouble {
  std::string code, severity;
  bool operator==(const ClockTrouble&) const = default;
};
// Pure: what a measurement's body says is wrong.
//   clock-sources-disagree  partial  agreement `contradict`: the bound was widened until it held all
//   clock-source-outvoted   note     agreement `outvoted`
//   clock-slewed            partial  the clock's rate was bent by more than kSlewLimit_ppb: durations are as false as that
std::vector<ClockTrouble> troubles_of(const Json& body);

class ClockTeller {
 public:
  explicit ClockTeller(std::string socket) : socket_(std::move(socket)) {}
  // What could not be told is told by the next measurement; a stretch's finding is owed until its receipt.
  Result<void> tell(const Json& body, std::int64_t boot_us);
  // The measurement in one recording alone (phase before, after).
  Result<void> tell_recording(const std::string& recording, const Json& body, std::int64_t boot_us);

 private:
  Result<void> tell_connected(const Json& body, std::int64_t boot_us);
  Result<void> tell_troubles(const std::vector<ClockTrouble>& troubles, std::int64_t boot_us);
  Result<void> connect();
  std::string socket_;
  std::optional<LedgerClient> ledger_;
  std::map<std::string, std::set<std::string>> told_;  // code → recordings; a code is there while its stretch lasts
};

}  // namespace netsampler::capture
