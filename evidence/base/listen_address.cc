#include "evidence/base/listen_address.h"

#include <charconv>

namespace netsampler {

std::optional<ListenAddress> listen_address_of(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon + 1 == text.size()) return std::nullopt;
  ListenAddress address{text.substr(0, colon), 0};
  const char* const end = text.data() + text.size();
  const auto [stopped, bad] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (bad != std::errc() || stopped != end) return std::nullopt;
  std::string& host = address.host;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return address;
}

}  // namespace netsampler
