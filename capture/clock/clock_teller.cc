#include "capture/clock/clock_teller.h"

#include <algorithm>
#include <cstdlib>

#include "capture/clock/clock_watch.h"

namespace netsampler::capture {
namespace {

Json finding_of(const ClockTrouble& trouble, std::int64_t boot_us) {
  return {{"code", trouble.code}, {"severity", trouble.severity}, {"from_us", boot_us}};
}

bool is_among(const std::vector<ClockTrouble>& troubles, const std::string& code) {
  return std::any_of(troubles.begin(), troubles.end(), [&](const ClockTrouble& one) { return one.code == code; });
}

}  // namespace

std::vector<ClockTrouble> troubles_of(const Json& body) {
  std::vector<ClockTrouble> troubles;
  const std::string agreement = string_or(body, "agreement", "");
  if (agreement == "contradict") troubles.push_back({"clock-sources-disagree", "partial"});
  if (agreement == "outvoted") troubles.push_back({"clock-source-outvoted", "note"});
  if (std::abs(int_or(body, "slew_ppb", 0)) > kSlewLimit_ppb) troubles.push_back({"clock-slewed", "partial"});
  return troubles;
}

Result<void> ClockTeller::connect() {
  if (!ledger_.has_value()) ledger_.emplace(TRY(LedgerClient::connect(socket_)));
  return {};
}

Result<void> ClockTeller::tell(const Json& body, std::int64_t boot_us) {
  auto told = tell_connected(body, boot_us);
  if (!told.ok()) ledger_.reset();  // connect anew next time, whatever it was
  return told;
}

Result<void> ClockTeller::tell_connected(const Json& body, std::int64_t boot_us) {
  TRY(connect());
  TRY(ledger_->clock(body));
  return tell_troubles(troubles_of(body), boot_us);
}

Result<void> ClockTeller::tell_troubles(const std::vector<ClockTrouble>& troubles, std::int64_t boot_us) {
  std::erase_if(told_, [&](const auto& entry) { return !is_among(troubles, entry.first); });
  if (troubles.empty()) return {};
  const Json status = TRY(ledger_->status());
  for (const auto& recording : status.value("recordings", Json::array())) {
    if (recording.contains("broken")) continue;
    const std::string id = string_or(recording, "id", "");
    for (const auto& trouble : troubles) {
      if (told_[trouble.code].contains(id)) continue;
      TRY(ledger_->append(id, "finding", finding_of(trouble, boot_us)));
      told_[trouble.code].insert(id);
    }
  }
  return {};
}

Result<void> ClockTeller::tell_recording(const std::string& recording, const Json& body, std::int64_t boot_us) {
  TRY(connect());
  TRY(ledger_->append(recording, "clock", body));
  for (const auto& trouble : troubles_of(body)) TRY(ledger_->append(recording, "finding", finding_of(trouble, boot_us)));
  return {};
}

}  // namespace netsampler::capture
