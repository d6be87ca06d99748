#include "evidence/vision/codes.h"

#include <BitMatrix.h>
#include <MultiFormatWriter.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "evidence/base/bytes.h"

namespace netsampler {
namespace {

struct Paper {
  int width = 640, height = 480, stride = 648;
  Bytes pixels = Bytes(648 * 480, 235);
  std::uint8_t& at(int x, int y) { return pixels[static_cast<std::size_t>(y * stride + x)]; }
  ImageView view() const { return {pixels.data(), width, height, stride, PixelForm::gray}; }
};

void print(Paper& paper, ZXing::BarcodeFormat format, const std::string& text, int x, int y, int width, int height) {
  const auto matrix = ZXing::MultiFormatWriter(format).setMargin(10).encode(std::wstring(text.begin(), text.end()), width, height);
  for (int row = 0; row < matrix.height(); ++row)
    for (int column = 0; column < matrix.width(); ++column) paper.at(x + column, y + row) = matrix.get(column, row) ? 20 : 235;
}

TEST(Codes, ReadsALinearCodeAndWhereItStands) {
  Paper paper;
  print(paper, ZXing::BarcodeFormat::Code128, "SF1390000000042", 60, 200, 500, 90);
  const auto codes = read_codes(paper.view());
  ASSERT_TRUE(codes.ok()) << codes.error().text;
  ASSERT_EQ(codes->size(), 1U);
  EXPECT_EQ((*codes)[0].format, "Code128");
  EXPECT_EQ((*codes)[0].text, "SF1390000000042");
  EXPECT_GT((*codes)[0].lines, 1);
  const Rect rect = bounds_of((*codes)[0]);
  EXPECT_GE(rect.x, 60);
  EXPECT_LE(rect.x + rect.width, 560);
  EXPECT_GT(rect.width, 300);
  EXPECT_GE(rect.y, 199);
  EXPECT_LE(rect.y + rect.height, 291);
}

TEST(Codes, ReadsSeveralOfDifferentKinds) {
  Paper paper;
  print(paper, ZXing::BarcodeFormat::QRCode, "https://example.com/s?id=42", 20, 20, 180, 180);
  print(paper, ZXing::BarcodeFormat::EAN13, "6901234567892", 260, 300, 300, 100);
  const auto codes = read_codes(paper.view());
  ASSERT_TRUE(codes.ok());
  std::vector<std::string> found;
  for (const auto& code : *codes) found.push_back(code.format + " " + code.text);
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (std::vector<std::string>{"EAN-13 6901234567892", "QRCode https://example.com/s?id=42"}));
}

// zxing-cpp 1.4 aborts here when asked for several at once.
TEST(Codes, ReadsTheSameLinearCodeTwiceOnOneLabel) {
  Paper paper;
  print(paper, ZXing::BarcodeFormat::Code128, "SF1390000000042", 60, 40, 500, 90);
  print(paper, ZXing::BarcodeFormat::Code128, "SF1390000000042", 60, 300, 500, 90);
  print(paper, ZXing::BarcodeFormat::Code128, "023-WA-0815", 100, 180, 400, 60);
  const auto codes = read_codes(paper.view());
  ASSERT_TRUE(codes.ok());
  std::vector<std::string> found;
  for (const auto& code : *codes) found.push_back(code.text);
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (std::vector<std::string>{"023-WA-0815", "SF1390000000042", "SF1390000000042"}));
}

TEST(Codes, ReadsOneThatLiesOnItsSide) {
  Paper paper, turned;
  print(paper, ZXing::BarcodeFormat::Code128, "YT7788990011", 60, 200, 400, 90);
  for (int y = 0; y < 480; ++y)
    for (int x = 0; x < 480; ++x) turned.at(x, y) = paper.at(y, 479 - x);
  const auto codes = read_codes(turned.view());
  ASSERT_TRUE(codes.ok());
  ASSERT_EQ(codes->size(), 1U);
  EXPECT_EQ((*codes)[0].text, "YT7788990011");
}

TEST(Codes, AnEmptyPictureHasNone) {
  const Paper paper;
  const auto codes = read_codes(paper.view());
  ASSERT_TRUE(codes.ok());
  EXPECT_TRUE(codes->empty());
}

TEST(Codes, ADamagedCodeIsNotReadAsAnother) {
  Paper paper;
  print(paper, ZXing::BarcodeFormat::Code128, "SF1390000000042", 60, 200, 500, 90);
  for (int y = 200; y < 290; ++y)
    for (int x = 250; x < 340; ++x) paper.at(x, y) = 235;
  const auto codes = read_codes(paper.view());
  ASSERT_TRUE(codes.ok());
  for (const auto& code : *codes) EXPECT_NE(code.format, "Code128") << code.text;
}

TEST(Codes, RefusesWhatIsNoPicture) {
  const auto codes = read_codes({nullptr, 640, 480, 640, PixelForm::gray});
  ASSERT_FALSE(codes.ok());
  EXPECT_EQ(codes.error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace netsampler
