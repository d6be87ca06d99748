#include "capture/clock/chrony_tracking.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <vector>

#include "evidence/base/process.h"

namespace netsampler::capture {
namespace {

constexpr std::size_t kFields = 14;
constexpr int kAnswerWithin_ms = 3000;
constexpr std::size_t kAnswerBytes = 4096;
constexpr double kSecondsLimit = 4e9;  // year 2096; keeps every product with 10^6 an exact integer
constexpr std::int64_t kHoldoverAtLeast_us = 64'000'000;
constexpr std::int64_t kIntervalsUntilHoldover = 8;
constexpr const char* kLocalReference = "7F7F0101";

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

Result<std::int64_t> microseconds(std::string_view text) {
  double seconds = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool whole = code == std::errc() && end == text.data() + text.size();
  if (!whole || !std::isfinite(seconds) || std::fabs(seconds) > kSecondsLimit)
    return fail(ErrorKind::invalid, "not a time in seconds: \"" + std::string(text) + "\"");
  return std::llround(seconds * 1e6);
}

Result<int> stratum_of(std::string_view text) {
  int stratum = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), stratum);
  if (code != std::errc() || end != text.data() + text.size() || stratum < 0 || stratum > 255)
    return fail(ErrorKind::invalid, "not a stratum: \"" + std::string(text) + "\"");
  return stratum;
}

Result<std::string> leap_of(std::string_view text) {
  if (text == "Normal") return std::string("normal");
  if (text == "Insert second") return std::string("insert");
  if (text == "Delete second") return std::string("delete");
  if (text == "Not synchronised") return std::string("unsynchronised");
  return fail(ErrorKind::invalid, "not a leap status: \"" + std::string(text) + "\"");
}

Result<ChronyTracking> tracking_from(const std::vector<std::string_view>& fields) {
  ChronyTracking tracking;
  tracking.reference = fields[0];
  tracking.stratum = TRY(stratum_of(fields[2]));
  tracking.reference_time_us = TRY(microseconds(fields[3]));
  tracking.offset_us = TRY(microseconds(fields[4]));
  tracking.root_delay_us = TRY(microseconds(fields[10]));
  tracking.root_dispersion_us = TRY(microseconds(fields[11]));
  tracking.update_interval_us = TRY(microseconds(fields[12]));
  tracking.leap = TRY(leap_of(fields[13]));
  if (tracking.root_delay_us < 0 || tracking.root_dispersion_us < 0)
    return fail(ErrorKind::invalid, "a negative root delay or dispersion");
  return tracking;
}

}  // namespace

Result<ChronyTracking> parse_tracking(const std::string& line) {
  const auto fields = fields_of(std::string_view(line).substr(0, line.find('\n')));
  if (fields.size() != kFields)
    return fail(ErrorKind::invalid, "chronyc tracking: expected 14 fields, found " + std::to_string(fields.size()));
  return TRY_WITH(tracking_from(fields), "chronyc tracking");
}

Result<ChronyTracking> ask_chronyd(const std::string& socket) {
  std::vector<std::string> words{"chronyc", "-c"};
  if (!socket.empty()) words.insert(words.end(), {"-h", socket});
  words.push_back("tracking");
  auto answer = run_and_read(words, kAnswerWithin_ms, kAnswerBytes, ErrorOutput::dropped);
  if (!answer.ok())
    return fail(ErrorKind::unavailable, "chronyd does not answer" + (socket.empty() ? "" : " at " + socket) +
                                            " (is the service running?): " + answer.error().text);
  return parse_tracking(*answer);
}

std::int64_t error_bound_us(const ChronyTracking& tracking) {
  return std::abs(tracking.offset_us) + tracking.root_dispersion_us + (tracking.root_delay_us + 1) / 2;
}

std::string clock_state(const ChronyTracking& tracking, std::int64_t now_utc_us) {
  const bool followed = tracking.leap != "unsynchronised" && tracking.stratum >= 1 && tracking.stratum < 16;
  if (!followed || tracking.reference == kLocalReference) return "unsynchronised";
  const std::int64_t patience_us = std::max(kHoldoverAtLeast_us, kIntervalsUntilHoldover * tracking.update_interval_us);
  return now_utc_us - tracking.reference_time_us > patience_us ? "holdover" : "synchronised";
}

}  // namespace netsampler::capture
