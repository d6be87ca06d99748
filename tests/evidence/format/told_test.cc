#include "evidence/format/told.h"

#include <gmock/gmock.h>

#include "evidence/base/file_system.h"

namespace netsampler {
namespace {

TEST(Told, AWordHasItsMeaningInBothLanguagesAmongItsOwnKindAlone) {
  EXPECT_EQ(told_words(Told::gap, "suspended", true), "设备休眠");
  EXPECT_EQ(told_words(Told::gap, "suspended", false), "the machine slept");
  EXPECT_EQ(told_words(Told::finding, "strip-absent", true), "画面上看不到时间条");
  EXPECT_EQ(told_words(Told::interruption, "restarted", false), "the machine restarted or lost power");
  EXPECT_EQ(told_words(Told::finding, "suspended", true), "suspended");
}

TEST(Told, AWordThatNobodyKnowsIsShownAsItStands) {
  EXPECT_EQ(told_words(Told::gap, "eaten-by-mice", true), "eaten-by-mice");
  EXPECT_EQ(told_words(Told::gap, "", false), "");
}

TEST(Told, EachCauseOfAGapInTheFormatsDescriptionHasWords) {
  const RealFileSystem disk;
  const auto text = disk.read(std::string(SOURCE_DIR) + "/docs/evidence-format.md", 1u << 20);
  ASSERT_TRUE(text.ok());
  const std::string page(as_text(*text));
  const std::size_t from = page.find("| cause | meaning |"), to = page.find("\n\n", from);
  ASSERT_NE(to, std::string::npos);
  int rows = 0;
  for (std::size_t at = page.find("\n| ", from); at < to; at = page.find("\n| ", at + 1)) {
    const std::string word = page.substr(at + 3, page.find(' ', at + 3) - at - 3);
    EXPECT_NE(told_words(Told::gap, word, true), word);
    ++rows;
  }
  EXPECT_GE(rows, 7);
}

}  // namespace
}  // namespace netsampler
