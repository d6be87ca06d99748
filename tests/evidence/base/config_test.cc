#include "evidence/base/config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/temp_directory.h"

namespace netsampler {
namespace {

TEST(Config, AbsentFileGivesDefaults) {
  const TempDirectory directory;
  RealFileSystem disk;
  const auto config = load_config(disk, directory / "netsampler.conf");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->browser, "chromium");
}

// A link is not read, and not taken for an absent file either: the box must not run on defaults that nobody chose.
TEST(Config, ALinkIsAnErrorNotTheDefaults) {
  const TempDirectory directory;
  RealFileSystem disk;
  ASSERT_EQ(::symlink("elsewhere.conf", (directory / "netsampler.conf").c_str()), 0);
  const auto config = load_config(disk, directory / "netsampler.conf");
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(exit_code_of(config.error().kind), 65);
}

TEST(Config, ReadsBackWhatItPrints) {
  const TempDirectory directory;
  RealFileSystem disk;
  Config config;
  config.box_name = "渝北一号";
  config.time_servers = {"127.0.0.1:11123"};
  ASSERT_TRUE(write_whole(disk, directory / "c", as_bytes(text_of(config))).ok());
  EXPECT_EQ(text_of(*load_config(disk, directory / "c")), text_of(config));
}

TEST(Config, BrokenTwinsNameFileAndMember) {
  const TempDirectory directory;
  RealFileSystem disk;
  const std::pair<const char*, const char*> rows[] = {
      {"{", "JSON"}, {"[]", "object"}, {R"({"browzer":"x"})", "browzer"}, {R"({"browser":7})", "browser"}, {R"({"time_servers":[1]})", "time_servers"}};
  for (const auto& [text, named] : rows) {
    ASSERT_TRUE(write_whole(disk, directory / "c", as_bytes(text)).ok());
    const auto config = load_config(disk, directory / "c");
    ASSERT_FALSE(config.ok()) << text;
    EXPECT_NE(config.error().text.find(named), std::string::npos) << config.error().text;
    EXPECT_NE(config.error().text.find(directory.path()), std::string::npos) << config.error().text;
  }
}

}  // namespace
}  // namespace netsampler
