#include "evidence/corroborate/dom_view.h"

#include <gtest/gtest.h>

namespace netsampler::corroborate {
namespace {

// A page scrolled by 800: "¥" and "12.80" side by side in one element, a name below, a hidden text over the price.
constexpr const char* kSnapshot = R"({"documents":[{"scrollOffsetX":0,"scrollOffsetY":800,
"nodes":{"parentIndex":[-1,0,1,1,0,0],"nodeValue":[-1,-1,0,1,2,3],"attributes":[[],[4,5],[],[],[],[]]},
"layout":{"nodeIndex":[2,3,4,5],"text":[0,1,2,3],"styles":[[-1,6],[-1,6],[-1,6],[-1,7]],"bounds":[[10,1000,14,30],[24,1000,60,30],[10,1040,80,20],[10,1000,80,30]]},
"textBoxes":{"layoutIndex":[0,1,2,3],"bounds":[[10,1004,14,24],[24,1000,60,30],[10,1040,80,20],[10,1000,80,30]],"start":[0,0,0,0],"length":[1,5,4,5]}}],
"strings":["¥","12.80","木马玩具","99.99","class","price big","visible","hidden"]})";

TEST(DomView, PiecesSideBySideAreOneLine) {
  const auto view = DomView::read(as_bytes(kSnapshot));
  ASSERT_TRUE(view.ok()) << view.error().text;
  EXPECT_EQ(view->scroll_y(), 800);
  const auto lines = view->lines_in({0, 990, 200, 80});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].text, "¥12.80");
  EXPECT_EQ(lines[0].rect.width, 74);
  EXPECT_EQ(lines[1].text, "木马玩具");
}

TEST(DomView, OnlyWhatLiesInTheRectangleIsThere) {
  const auto view = DomView::read(as_bytes(kSnapshot));
  ASSERT_TRUE(view.ok());
  EXPECT_TRUE(view->lines_in({0, 0, 200, 80}).empty());
  EXPECT_EQ(view->lines_in({0, 1035, 200, 30}).size(), 1U);
}

TEST(DomView, AnchorsAreOfTheElementAroundTheAmount) {
  const auto view = DomView::read(as_bytes(kSnapshot));
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->anchors_of({0, 990, 200, 40}), (std::vector<std::string>{R"(class="price big")", "class='price big'"}));
  EXPECT_TRUE(view->anchors_of({0, 1035, 200, 30}).empty());
}

TEST(DomView, AnythingElseIsRefusedOrEmpty) {
  EXPECT_FALSE(DomView::read(as_bytes("[]")).ok());
  EXPECT_FALSE(DomView::read(as_bytes("")).ok());
  const auto odd = DomView::read(as_bytes(R"({"documents":[{"nodes":{"parentIndex":[5]},"textBoxes":{"layoutIndex":[9,-3],"bounds":[1]}}],"strings":7})"));
  ASSERT_TRUE(odd.ok());
  EXPECT_TRUE(odd->lines_in({0, 0, 1000, 1000}).empty());
}

}  // namespace
}  // namespace netsampler::corroborate
