#include "crawler/archive.h"

namespace netsampler {

std::string origin_of(const std::string& url) {
  const auto colon = url.find(':');
  if (colon == std::string::npos) return "";
  if (url.compare(colon, 3, "://") != 0) return url.substr(0, colon + 1);
  const std::string scheme = url.substr(0, colon + 3);
  std::string host = url.substr(colon + 3);
  host = host.substr(0, host.find_first_of("/?#\\"));
  const auto at = host.rfind('@');  // never a user name or password
  return scheme + (at == std::string::npos ? host : host.substr(at + 1));
}

}  // namespace netsampler
