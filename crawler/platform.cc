#include "crawler/platform.h"

#include <array>

namespace netsampler {
namespace {

constexpr std::array<Platform, 13> kPlatforms{{
    {"taobao", "taobao.com", read_taobao},
    {"taobao", "tmall.com", read_taobao},
    {"taobao", "tmall.hk", read_taobao},
    {"jd", "jd.com", read_jd},
    {"jd", "jd.hk", read_jd},
    {"pinduoduo", "yangkeduo.com", read_pinduoduo},
    {"pinduoduo", "pinduoduo.com", read_pinduoduo},
    {"douyin", "jinritemai.com", read_douyin},
    {"douyin", "douyin.com", read_douyin},
    {"1688", "1688.com", read_alibaba_1688},
    {"suning", "suning.com", read_suning},
    {"suning", "suning.cn", read_suning},
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
