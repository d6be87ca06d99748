// The same pages as the browser laid them out (DOM snapshots taken by Chromium): same facts, each with its rectangle.
#include <gtest/gtest.h>

#include "crawler/extract.h"

namespace netsampler {
namespace {

const std::string kPages = std::string(SOURCE_DIR) + "/tests/crawler/pages/";

Json summary(const Facts& facts) {
  Json whole = facts_json(facts);
  whole.erase("facts");
  return whole;
}

class Snapshot : public testing::TestWithParam<const char*> {};

TEST_P(Snapshot, GivesTheFactsOfTheHtml) {
  const auto drawn = load_page(RealFileSystem(), kPages + "snapshot_" + GetParam());
  const auto bare = load_page(RealFileSystem(), kPages + GetParam() + ".html");
  ASSERT_TRUE(drawn.ok()) << drawn.error().text;
  ASSERT_TRUE(bare.ok());
  EXPECT_EQ(summary(extract(*drawn, "")).dump(1), summary(extract(*bare, "")).dump(1));
}

TEST_P(Snapshot, EachVisibleFactHasItsRectangle) {
  const auto page = load_page(RealFileSystem(), kPages + "snapshot_" + GetParam());
  ASSERT_TRUE(page.ok());
  const Facts facts = extract(*page, "");
  EXPECT_GE(facts.facts.size(), 2u);
  for (const Fact& fact : facts.facts) {
    ASSERT_TRUE(fact.rect.has_value()) << fact.name;
    EXPECT_GT(fact.rect->w, 0) << fact.name;
    EXPECT_GT(fact.rect->h, 0) << fact.name;
    EXPECT_GE(fact.rect->x, 0) << fact.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Pages, Snapshot, testing::Values("product_group_divs", "product_hidden"),
                         [](const auto& each) { return std::string(each.param); });

// body > p > text, with a box for all; the caller breaks what it likes.
Json small_snapshot() {
  return Json{{"strings", {"body", "p", "#text", "店铺：云岭", "block", "visible", "none", "16px"}},
              {"documents",
               {{{"nodes", {{"parentIndex", {-1, 0, 1}}, {"nodeType", {1, 1, 3}}, {"nodeName", {0, 1, 2}}, {"nodeValue", {-1, -1, 3}}}},
                 {"layout",
                  {{"nodeIndex", {0, 1, 2}},
                   {"bounds", {{0, 0, 100, 20}, {0, 0, 100, 20}, {0, 0, 80.5, 16}}},
                   {"styles", {{4, 5, 6, 7}, {4, 5, 6, 7}, Json::array({4, 5, 6, 7})}}}}}}}};
}

bool shows_shop(const Json& snapshot) {
  const auto page = page_from_snapshot(snapshot);
  EXPECT_TRUE(page.ok());
  return page.ok() && find_fact(extract(*page, ""), "shop.name") != nullptr;
}

TEST(SmallSnapshot, IsReadWhenDrawn) { EXPECT_TRUE(shows_shop(small_snapshot())); }

TEST(SmallSnapshot, TextWithoutABoxWasNotSeen) {
  Json snapshot = small_snapshot();
  snapshot["documents"][0]["layout"]["nodeIndex"] = {0, 1};
  EXPECT_FALSE(shows_shop(snapshot));
}

TEST(SmallSnapshot, HiddenEmptyOrOffPageTextWasNotSeen) {
  Json hidden = small_snapshot();
  hidden["strings"][5] = "hidden";
  EXPECT_FALSE(shows_shop(hidden));
  Json empty = small_snapshot();
  empty["documents"][0]["layout"]["bounds"][2] = {0, 0, 0, 0};
  EXPECT_FALSE(shows_shop(empty));
  Json away = small_snapshot();
  away["documents"][0]["layout"]["bounds"][2] = {-9999, 0, 80, 16};
  EXPECT_FALSE(shows_shop(away));
}

TEST(SmallSnapshot, RubbishIsRefused) {
  for (const char* text : {"{}", "[]", "null", R"({"documents":[],"strings":[]})", R"({"documents":[{}],"strings":[]})",
                           R"({"documents":[{"nodes":{"parentIndex":[0]}}],"strings":[]})",
                           R"({"documents":[{"nodes":{"parentIndex":[-1,5]}}],"strings":[]})"}) {
    const auto page = page_from_snapshot(*parse_any(text));
    ASSERT_FALSE(page.ok()) << text;
    EXPECT_EQ(page.error().kind, ErrorKind::invalid) << text;
  }
}

TEST(SmallSnapshot, IndicesBeyondTheTablesAreNothing) {
  Json snapshot = small_snapshot();
  snapshot["documents"][0]["nodes"]["nodeValue"] = {-1, -1, 99999};
  snapshot["documents"][0]["layout"]["nodeIndex"] = {0, 77, -5};
  EXPECT_FALSE(shows_shop(snapshot));
}

}  // namespace
}  // namespace netsampler
