#include "ui/console/nginx_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace netsampler {
namespace {

NginxSetup setup() { return {"/state", "/web", "127.0.0.1:8443", "/state/run/console.sock", "/state/c.pem", "/state/c.key", false}; }

TEST(NginxConfig, NamesEverythingWithinTheState) {
  const std::string text = nginx_config(setup()).value();
  for (const char* part : {"listen 127.0.0.1:8443 ssl;", "alias \"/state/data/\";", "pid \"/state/run/nginx/nginx.pid\";",
                           "server \"unix:/state/run/console.sock\"", "root \"/web\";"})
    EXPECT_THAT(text, testing::HasSubstr(part));
  for (const char* mark : {"{RUN}", "{DATA}", "{USER_LINE}", "user root"}) EXPECT_THAT(text, testing::Not(testing::HasSubstr(mark)));
}

TEST(NginxConfig, KeepsTheAccountOfASupervisorThatIsRoot) {
  NginxSetup as_root = setup();
  as_root.root = true;
  EXPECT_THAT(nginx_config(as_root).value(), testing::HasSubstr("user root root;"));
}

TEST(NginxConfig, RefusesValuesThatWouldBeSyntax) {
  for (const char* bad : {"/a\"b", "/a;b", "/a$b", "/a\nb", "/a{b", ""}) {
    NginxSetup broken = setup();
    broken.web = bad;
    EXPECT_EQ(nginx_config(broken).error().kind, ErrorKind::invalid) << bad;
  }
}

TEST(Certificates, AreMadeOnceAndKept) {
  const TempDirectory directory;
  RealFileSystem disk;
  const auto made = make_certificate(disk, directory.path());
  ASSERT_TRUE(made.ok()) << made.error().text;
  const Bytes before = disk.read(made->certificate, 1 << 16).value();
  EXPECT_EQ(as_text(before).substr(0, 27), "-----BEGIN CERTIFICATE-----");
  ASSERT_TRUE(make_certificate(disk, directory.path()).ok());
  EXPECT_EQ(disk.read(made->certificate, 1 << 16).value(), before);
}

TEST(Certificates, WhereNoneCanBeMadeTheErrorSaysSo) {
  RealFileSystem disk;
  EXPECT_FALSE(make_certificate(disk, "/proc/nothing").ok());
}

}  // namespace
}  // namespace netsampler
