#include "crawler/platform.h"

#include <array>

namespace netsampler {
namespace {

constexpr std::array<Platform, 1> kPlatforms{{
    {"generic", "", read_generic},
}};

std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return "";
  std::string_view host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  host = host.substr(host.find_last_of('@') + 1);
  return lower_ascii(host.substr(0, host.find(':')));
}

}  // namespace

std::span<const Platform> platforms() { return kPlatforms; }

bool host_matches(std::string_view url, std::string_view host) {
  if (host.empty()) return true;
  const std::string own = host_of(url);
  return own == host || own.ends_with("." + std::string(host));
}

const Platform& platform_of(std::string_view url) {
  for (const Platform& platform : kPlatforms)
    if (host_matches(url, platform.host)) return platform;
  return kPlatforms.back();
}

}  // namespace netsampler
