#include "crawler/downloads.h"

#include <algorithm>

namespace netsampler {
namespace {

// A GUID of the browser: the only text of its that becomes part of a path.
bool is_guid(const std::string& text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '-';
  });
}

}  // namespace

bool Downloads::begin(const Json& params, std::int64_t tab) {
  const std::string guid = string_or(params, "guid", "");
  if (!is_guid(guid) || open_.size() >= kDownloadsAtOnce) return false;
  Download& download = open_[guid];
  download.url = string_or(params, "url", "");
  download.name = string_or(params, "suggestedFilename", "");
  download.frame = string_or(params, "frameId", "");
  download.path = directory_ + "/" + guid;
  download.from_us = clock_.boot_us();
  download.tab = tab;
  return true;
}

std::optional<Download> Downloads::progress(const Json& params) {
  const std::string guid = string_or(params, "guid", ""), state = string_or(params, "state", "");
  const auto found = open_.find(guid);
  if (found == open_.end()) return std::nullopt;
  const auto received = params.find("receivedBytes");  // a number, perhaps with a fraction
  if (received != params.end() && received->is_number()) found->second.bytes = static_cast<std::int64_t>(std::clamp(received->get<double>(), 0.0, 9e15));
  if (state != "completed" && state != "canceled") return std::nullopt;
  return ended(guid, state == "completed");
}

std::optional<Download> Downloads::abandon() {
  if (open_.empty()) return std::nullopt;
  return ended(open_.begin()->first, false);
}

Download Downloads::ended(const std::string& guid, bool whole) {
  Download download = std::move(open_.extract(guid).mapped());
  download.to_us = clock_.boot_us();
  download.at_utc_us = clock_.utc_us();
  download.whole = whole;
  return download;
}

}  // namespace netsampler
