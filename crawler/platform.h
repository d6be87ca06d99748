// Shopping platforms: who reads a page. A platform of its own is one line in the table and one file platform_<name>.cc; the
// generic reader, last in the table, takes every page.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "crawler/facts.h"

namespace netsampler {

struct Platform {
  std::string_view name;
  std::string_view host;  // "jd.com" matches itself and its subdomains; empty matches every page
  Facts (*read)(const Page& page, const std::string& url);
};

std::span<const Platform> platforms();
const Platform& platform_of(std::string_view url);  // never none
bool host_matches(std::string_view url, std::string_view host);

Facts read_generic(const Page& page, const std::string& url);
Facts read_taobao(const Page& page, const std::string& url);  // and Tmall
Facts read_jd(const Page& page, const std::string& url);
Facts read_pinduoduo(const Page& page, const std::string& url);
Facts read_douyin(const Page& page, const std::string& url);
Facts read_alibaba_1688(const Page& page, const std::string& url);
Facts read_suning(const Page& page, const std::string& url);

}  // namespace netsampler
