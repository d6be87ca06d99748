#include "evidence/vision/text.h"

#include <fstream>

#include "evidence/base/bytes.h"
#include "tests/evidence/vision/make_with.h"

namespace netsampler {
namespace {

constexpr const char* kDraw = R"py(
import sys
from PIL import Image, ImageDraw, ImageFont
face = ImageFont.truetype("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 32, index=2)
picture = Image.new("L", (640, 200), 255)
draw = ImageDraw.Draw(picture)
draw.text((20, 20), "订单编号 20261122003901", font=face, fill=0)
draw.text((20, 110), "山城五金旗舰店", font=face, fill=0)
open(sys.argv[1], "wb").write(picture.tobytes())
)py";

Bytes drawn() {
  const TempDirectory scratch;
  make_with({"/usr/bin/python3", "-c", kDraw, (scratch / "page.gray")});
  std::ifstream file((scratch / "page.gray"), std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

std::string without_spaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

TEST(Text, ReadsTheRectangleAndNothingElse) {
  const Bytes pixels = drawn();
  ASSERT_EQ(pixels.size(), 640U * 200U);
  const ImageView page{pixels.data(), 640, 200, 640, PixelForm::gray};
  auto reader = TextReader::open();
  ASSERT_TRUE(reader.ok()) << reader.error().text;
  const auto order = reader->read(page, {0, 0, 640, 90}, TextLayout::line);
  ASSERT_TRUE(order.ok()) << order.error().text;
  EXPECT_NE(order->text.find("20261122003901"), std::string::npos) << order->text;
  EXPECT_GT(order->confidence, 60);
  const auto shop = reader->read(page, {0, 90, 640, 110}, TextLayout::line);
  ASSERT_TRUE(shop.ok());
  EXPECT_EQ(without_spaces(shop->text), "山城五金旗舰店");
}

TEST(Text, ColoursMakeNoDifference) {
  const Bytes gray = drawn();
  Bytes bgr;
  for (const std::uint8_t value : gray) bgr.insert(bgr.end(), 3, value);
  const ImageView page{bgr.data(), 640, 200, 640 * 3, PixelForm::bgr};
  auto reader = TextReader::open();
  ASSERT_TRUE(reader.ok());
  const auto shop = reader->read(page, {0, 90, 640, 110}, TextLayout::line);
  ASSERT_TRUE(shop.ok());
  EXPECT_EQ(without_spaces(shop->text), "山城五金旗舰店");
}

TEST(Text, BlankPaperIsNoTextAndNoError) {
  const Bytes white(300 * 100, 255);
  auto reader = TextReader::open();
  ASSERT_TRUE(reader.ok());
  const auto found = reader->read({white.data(), 300, 100, 300, PixelForm::gray}, {0, 0, 300, 100});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->text, "");
  EXPECT_EQ(found->confidence, 0);
}

TEST(Text, RefusesARectangleOutsideAndAModelThatIsNotThere) {
  const Bytes white(300 * 100, 255);
  auto reader = TextReader::open();
  ASSERT_TRUE(reader.ok());
  EXPECT_FALSE(reader->read({white.data(), 300, 100, 300, PixelForm::gray}, {300, 0, 10, 10}).ok());
  const auto absent = TextReader::open("no_such_language");
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace netsampler
