#include "capture/clock/clock_witness.h"

#include <algorithm>
#include <cstdlib>

namespace netsampler::capture {
namespace {

std::int64_t distance_us(const SntpAnswer& answer) { return (answer.delay_us + 1) / 2 + answer.dispersion_us; }

std::vector<SntpAnswer> answered(const std::vector<SntpAnswer>& servers) {
  std::vector<SntpAnswer> good;
  std::copy_if(servers.begin(), servers.end(), std::back_inserter(good), [](const SntpAnswer& one) { return one.ok; });
  std::sort(good.begin(), good.end(), [](const SntpAnswer& a, const SntpAnswer& b) { return a.offset_us < b.offset_us; });
  return good;
}

bool contradicts(const SntpAnswer& server, const ChronyTracking& tracking, std::int64_t error_us) {
  return std::abs(server.offset_us - tracking.offset_us) > error_us + distance_us(server);
}

std::int64_t witnessed_error_us(const ChronyTracking& tracking, const std::vector<SntpAnswer>& good) {
  const std::int64_t error_us = error_bound_us(tracking);
  const auto against = std::count_if(good.begin(), good.end(), [&](const auto& one) { return contradicts(one, tracking, error_us); });
  if (static_cast<std::size_t>(against) * 2 <= good.size()) return error_us;
  return std::max(error_us, std::abs(good[good.size() / 2].offset_us));
}

void put_tracking(Json& body, const ChronyTracking& tracking, const std::vector<SntpAnswer>& good, std::int64_t now_utc_us) {
  body["state"] = clock_state(tracking, now_utc_us);
  body["offset_us"] = tracking.offset_us;
  body["error_us"] = witnessed_error_us(tracking, good);
  body["stratum"] = tracking.stratum;
  body["leap"] = tracking.leap;
  body["root_delay_us"] = tracking.root_delay_us;
  body["root_dispersion_us"] = tracking.root_dispersion_us;
}

void put_servers_alone(Json& body, const std::vector<SntpAnswer>& good) {
  const SntpAnswer middle = good.empty() ? SntpAnswer{} : good[good.size() / 2];
  body["state"] = "unsynchronised";
  body["offset_us"] = middle.offset_us;
  body["error_us"] = good.empty() ? kUnknownError_us : std::abs(middle.offset_us) + distance_us(middle);
  body["stratum"] = 0;
  body["leap"] = "unsynchronised";
  body["root_delay_us"] = 0;
  body["root_dispersion_us"] = 0;
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

Json clock_body(const std::optional<ChronyTracking>& tracking, const std::vector<SntpAnswer>& servers, std::int64_t now_utc_us,
                const std::string& phase) {
  const auto good = answered(servers);
  Json body{{"phase", phase}, {"servers", Json::array()}};
  if (tracking.has_value() && clock_state(*tracking, now_utc_us) != "unsynchronised")
    put_tracking(body, *tracking, good, now_utc_us);
  else
    put_servers_alone(body, good);
  for (const auto& answer : servers) body["servers"].push_back(body_of(answer));
  return body;
}

ClockMeasurement measure_clock(const ClockSettings& settings, const Clock& clock, const std::string& phase) {
  const auto answers = ask_time_servers(settings.servers, clock, settings.timeout_ms);
  auto tracking = ask_chronyd(settings.chronyd_socket);
  std::optional<ChronyTracking> known;
  ClockMeasurement measurement;
  if (tracking.ok())
    known = *tracking;
  else
    measurement.trouble = tracking.error().text;
  measurement.body = clock_body(known, answers, clock.utc_us(), phase);
  return measurement;
}

}  // namespace netsampler::capture
