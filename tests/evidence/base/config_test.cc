#include "evidence/base/config.h"
#include "evidence/base/recording_settings.h"

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

TEST(RecordingSettings, StandBesideTheOthers) {
  const TempDirectory directory;
  RealFileSystem disk;
  const std::string path = directory / "c";
  EXPECT_EQ(load_recording_settings(disk, path)->preparation_s, 4);
  ASSERT_TRUE(write_whole(disk, path, as_bytes(R"({"box_name":"b","cameras":["rtsp://127.0.0.1/phone","v4l2:///dev/video0"],"preparation_s":7})")).ok());
  const auto settings = load_recording_settings(disk, path);
  ASSERT_TRUE(settings.ok()) << settings.error().text;
  EXPECT_EQ(settings->preparation_s, 7);
  EXPECT_EQ(settings->cameras, (std::vector<std::string>{"rtsp://127.0.0.1/phone", "v4l2:///dev/video0"}));
  EXPECT_EQ(load_config(disk, path)->box_name, "b");
}

TEST(RecordingSettings, BrokenTwinsNameFileAndMember) {
  const TempDirectory directory;
  RealFileSystem disk;
  const std::pair<const char*, const char*> rows[] = {{R"({"preparation_s":61})", "preparation_s"}, {R"({"preparation_s":-1})", "preparation_s"},
                                                      {R"({"cameras":"a"})", "cameras"}, {R"({"cameras":["a","b","c","d","e"]})", "cameras"}};
  for (const auto& [text, named] : rows) {
    ASSERT_TRUE(write_whole(disk, directory / "c", as_bytes(text)).ok());
    const auto settings = load_recording_settings(disk, directory / "c");
    ASSERT_FALSE(settings.ok()) << text;
    EXPECT_NE(settings.error().text.find(named), std::string::npos) << settings.error().text;
    EXPECT_NE(settings.error().text.find(directory.path()), std::string::npos) << settings.error().text;
  }
}

}  // namespace
}  // namespace netsampler
