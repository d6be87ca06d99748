// What the environment record says of the machine, and the words the browser is started with.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "crawler/archive.h"
#include "crawler/environment.h"

namespace netsampler {
namespace {

TEST(HostsChanged, TellsADiversionFromTheUsualLines) {
  const std::string usual =
      "127.0.0.1\tlocalhost\n127.0.1.1 box box.office.example # own\n::1 localhost ip6-localhost\nff02::1 ip6-allnodes\n\n# 10.0.0.1 x\n";
  EXPECT_FALSE(hosts_changed(usual, "box"));
  EXPECT_FALSE(hosts_changed("", "box"));
  EXPECT_TRUE(hosts_changed(usual + "10.0.0.7 item.shop.example\n", "box"));
  EXPECT_TRUE(hosts_changed(usual + "127.0.0.1 item.shop.example", "box"));
  EXPECT_TRUE(hosts_changed(usual, "other")) << "another machine's name";
}

TEST(HasProxy, SeesFlagsAndVariables) {
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}) ::unsetenv(name);
  EXPECT_FALSE(has_proxy({"--no-first-run"}));
  ::setenv("https_proxy", "http://10.0.0.1:3128", 1);
  EXPECT_TRUE(has_proxy({}));
  ::unsetenv("https_proxy");
  EXPECT_TRUE(has_proxy({"--proxy-server=10.0.0.1:3128"}));
  EXPECT_TRUE(has_proxy({"--no-first-run", "--host-resolver-rules=MAP a b"}));
}

bool has(const std::vector<std::string>& arguments, const std::string& flag) {
  return std::find(arguments.begin(), arguments.end(), flag) != arguments.end();
}

TEST(BrowserArguments, PipeAndNoAutomationMarkNoPort) {
  BrowserOptions options;
  options.profile = "/p";
  options.display = ":7";
  options.window = {1280, 684, 0, 36};
  options.flags = {"--no-sandbox"};
  const auto arguments = browser_arguments(options);
  for (const char* flag : {"--remote-debugging-pipe", "--disable-blink-features=AutomationControlled", "--user-data-dir=/p",
                           "--window-position=0,36", "--window-size=1280,684", "--no-sandbox"})
    EXPECT_TRUE(has(arguments, flag)) << flag;
  EXPECT_FALSE(has(arguments, "--headless=new"));
  for (const std::string& flag : arguments) EXPECT_EQ(flag.find("debugging-port"), std::string::npos);
  options.display.clear();
  EXPECT_TRUE(has(browser_arguments(options), "--headless=new"));
}

TEST(DisplaySize, NoSuchDisplayIsOneClearLine) {
  const auto size = display_size(":65000");
  ASSERT_FALSE(size.ok());
  EXPECT_EQ(size.error().kind, ErrorKind::unavailable);
}

TEST(OriginOf, IsSchemeAndHostWithoutPersonalParts) {
  EXPECT_EQ(origin_of("https://a.example:8443/x?tel=138#f"), "https://a.example:8443");
  EXPECT_EQ(origin_of("https://me:secret@a.example/x"), "https://a.example");
  EXPECT_EQ(origin_of("http://a.example?x=@b"), "http://a.example");
  EXPECT_EQ(origin_of("about:blank"), "about:");
  EXPECT_EQ(origin_of("data:text/html,138"), "data:");
  EXPECT_EQ(origin_of(""), "");
}

}  // namespace
}  // namespace netsampler
