// What the environment record says of the machine, and the words the browser is started with.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "crawler/archive.h"
#include "crawler/environment.h"
#include "evidence/format/kinds.h"
#include "evidence/format/told.h"

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

// A directory that stands for a machine's root.
class MachineTest : public testing::Test {
 protected:
  MachineTest() : root_(testing::TempDir() + "/machine-" + std::to_string(::getpid()) + "-" + testing::UnitTest::GetInstance()->current_test_info()->name()) {}
  ~MachineTest() override { std::filesystem::remove_all(root_); }
  void put(const std::string& path, const std::string& text) {
    RealFileSystem disk;
    ASSERT_TRUE(disk.make_directories(parent_of(root_ + path)).ok());
    ASSERT_TRUE(write_whole(disk, root_ + path, as_bytes(text)).ok());
  }
  void put_usual() {
    put("/etc/hosts", "127.0.0.1 localhost\n");
    put("/run/resolved.conf", "# by a service\nnameserver 192.0.2.53\noptions edns0\n");
    std::filesystem::create_symlink("../run/resolved.conf", root_ + "/etc/resolv.conf");
    put("/etc/chromium/policies/managed/netsampler.json", R"({"SyncDisabled":true})");
    put("/sys/class/net/lo/flags", "0x9\n");
    put("/sys/class/net/eth0/flags", "0x1003\n");
    put("/sys/class/net/eth0/type", "1\n");
    put("/proc/net/route", "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\neth0 00000000 010200C0 0003 0 0 0 00000000 0 0 0\n");
    put("/proc/40/comm", "chromium\n"), put("/proc/40/stat", "40 (chro) mium) S 1 40 40 0\n");
    put("/proc/41/comm", "chromium\n"), put("/proc/41/stat", "41 (chromium) S 40 40 40 0\n");
    put("/proc/1/comm", "systemd\n"), put("/profile/Default/x", "x");
  }
  MachineLook look() { return look_at_machine(RealFileSystem(), {root_, root_ + "/home", root_ + "/profile", 40}, "box"); }
  const std::string root_;
};

TEST_F(MachineTest, AUsualMachineHasNothingOddButPerhapsLittleRoom) {
  put_usual();
  MachineLook seen = look();
  std::erase(seen.odd, "environment-little-room");  // of the disk that this test runs on
  EXPECT_EQ(seen.odd, std::vector<std::string>());
  EXPECT_EQ(seen.body["dns_servers"], 1);
  EXPECT_EQ(seen.body["default_routes"], 1);
  EXPECT_EQ(seen.body["interfaces"], 1);
  EXPECT_EQ(seen.body["processes"], 3);
  EXPECT_EQ(seen.body["browsers_other"], 0) << "the watched one is ours";
  EXPECT_EQ(seen.opened["dns"], (Json{"192.0.2.53"}));
  EXPECT_TRUE(check_public(ChainKind::recording, "environment", seen.body).ok());
}

TEST_F(MachineTest, EachOddThingHasItsWord) {
  put_usual();
  const std::string certificate("0\x82\x03\x01" "0\x82\x02\x01\xa0\x03\x02\x01\x02", 13);
  put("/etc/hosts", "10.0.0.7 item.shop.example\n"), put("/run/resolved.conf", "options edns0\n");
  put("/etc/chromium/policies/managed/other.json", R"({"ProxyMode":"fixed_servers","CACertificates":["x","y"]})");
  put("/usr/local/share/ca-certificates/own.crt", "x"), put("/usr/local/share/ca-certificates/README", "x");
  put("/home/.pki/nssdb/cert9.db", "head" + certificate + "between" + certificate);
  put("/sys/class/net/wg0/flags", "0x91\n"), put("/sys/class/net/wg0/type", "65534\n");
  put("/proc/net/route", "Iface Destination\n");
  put("/proc/50/comm", "x11vnc\n"), put("/proc/51/comm", "obs\n"), put("/proc/52/comm", "mitmdump\n"), put("/proc/53/comm", "firefox-esr\n");
  put("/proc/54/comm", "obsidian\n");
  MachineLook seen = look();
  std::erase(seen.odd, "environment-little-room");
  EXPECT_EQ(seen.odd, (std::vector<std::string>{"environment-hosts", "environment-no-dns", "environment-authorities", "environment-tunnel",
                                                "environment-no-route", "environment-browser", "environment-remote-control",
                                                "environment-screen-sharing", "environment-interception"}));
  EXPECT_EQ(seen.body["authorities_system"], 1);
  EXPECT_EQ(seen.body["authorities_account"], 2);
  EXPECT_EQ(seen.body["authorities_policy"], 2);
  EXPECT_EQ(seen.body["proxy_policy"], true);
  EXPECT_EQ(seen.body["screen_sharing"], 1) << "obsidian shares nothing";
  EXPECT_EQ(print(seen.body).find("item.shop"), std::string::npos) << "names are private";
  for (const std::string& code : seen.odd) EXPECT_NE(told_words(Told::finding, code, true), code);
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
