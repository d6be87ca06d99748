#include "capture/clock/clock_witness.h"

#include <algorithm>
#include <cstdlib>

namespace netsampler::capture {
namespace {

std::vector<SntpAnswer> answered(const std::vector<SntpAnswer>& servers) {
  std::vector<SntpAnswer> good;
  std::copy_if(servers.begin(), servers.end(), std::back_inserter(good), [](const SntpAnswer& one) { return one.ok; });
  std::sort(good.begin(), good.end(), [](const SntpAnswer& a, const SntpAnswer& b) { return a.offset_us < b.offset_us; });
  return good;
}

void put_tracking(Json& body, const ChronyTracking& tracking, const Agreement& agreement, std::int64_t now_utc_us) {
  body["state"] = agreement.deposed ? "unsynchronised" : clock_state(tracking, now_utc_us);
  body["offset_us"] = tracking.offset_us;
  body["error_us"] = agreement.error_us;
  body["stratum"] = tracking.stratum;
  body["leap"] = tracking.leap;
  body["root_delay_us"] = tracking.root_delay_us;
  body["root_dispersion_us"] = tracking.root_dispersion_us;
}

void put_servers_alone(Json& body, const std::vector<SntpAnswer>& good, const Agreement& agreement) {
  body["state"] = "unsynchronised";
  body["offset_us"] = good.empty() ? 0 : good[good.size() / 2].offset_us;
  body["error_us"] = good.empty() ? kUnknownError_us : agreement.error_us;
  body["stratum"] = 0;
  body["leap"] = "unsynchronised";
  body["root_delay_us"] = 0;
  body["root_dispersion_us"] = 0;
}

void put_kernel(Json& body, const KernelTime& kernel) {
  body["kernel_synchronised"] = kernel.synchronised;
  if (kernel.synchronised) body["kernel_error_us"] = std::max<std::int64_t>(0, kernel.error_us);
  body["kernel_offset_us"] = kernel.offset_us;
  body["kernel_freq_ppb"] = kernel.frequency_ppb;
  body["kernel_leap"] = kernel.leap;
}

Json body_of(const SntpAnswer& answer) {
  Json body{{"server", answer.server}, {"ok", answer.ok}};
  if (!answer.ok) return body["why"] = answer.why, body;
  body["offset_us"] = answer.offset_us;
  body["delay_us"] = answer.delay_us;
  body["dispersion_us"] = answer.dispersion_us;
  body["stratum"] = answer.stratum;
  return body;
}

}  // namespace

Json clock_body(const std::optional<ChronyTracking>& tracking, const std::vector<SntpAnswer>& servers, const KernelTime& kernel,
                std::int64_t now_utc_us, const std::string& phase) {
  const auto good = answered(servers);
  const bool followed = tracking.has_value() && clock_state(*tracking, now_utc_us) != "unsynchronised";
  const Agreement agreement = agreement_of(followed ? tracking : std::nullopt, good, kernel);
  Json body{{"phase", phase}, {"servers", Json::array()}, {"agreement", agreement.word}};
  if (followed)
    put_tracking(body, *tracking, agreement, now_utc_us);
  else
    put_servers_alone(body, good, agreement);
  put_kernel(body, kernel);
  for (const auto& answer : servers) body["servers"].push_back(body_of(answer));
  return body;
}

ClockMeasurement measure_clock(const ClockSettings& settings, const Clock& clock, const std::string& phase) {
  const auto answers = ask_time_servers(settings.servers, clock, settings.timeout_ms);
  auto tracking = ask_chronyd(settings.chronyd_socket);
  std::optional<ChronyTracking> known;
  ClockMeasurement measurement;
  if (tracking.ok())
    known = *tracking, measurement.reference_time_us = known->reference_time_us;
  else
    measurement.trouble = tracking.error().text;
  measurement.body = clock_body(known, answers, kernel_time(), clock.utc_us(), phase);
  return measurement;
}

}  // namespace netsampler::capture
