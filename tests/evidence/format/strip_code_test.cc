#include <gtest/gtest.h>

#include "evidence/format/strip_code.h"

namespace netsampler {
namespace {

const StripCode kCode{1'795'354'624, {1, 2, 3, 4, 5, 6, 7, 0xff}};

TEST(StripCode, IsReadAsItWasWritten) {
  EXPECT_EQ(parse_strip_code(print_strip_code(kCode)), kCode);
  EXPECT_EQ(to_hex(print_strip_code(kCode)).substr(0, 26), "006b02f00001020304050607ff");
  EXPECT_EQ(parse_strip_code(print_strip_code({})), StripCode());
}

TEST(StripCode, AnyFlippedCellIsNoStrip) {
  for (int bit = 0; bit < kStripCodeBytes * 8; ++bit) {
    StripCodeBytes bytes = print_strip_code(kCode);
    bytes[static_cast<std::size_t>(bit / 8)] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(parse_strip_code(bytes)) << bit;
  }
}

TEST(StripCode, OneColourIsNoStrip) {
  StripCodeBytes white;
  white.fill(0xff);
  EXPECT_FALSE(parse_strip_code(white));
  EXPECT_FALSE(parse_strip_code(StripCodeBytes{}));
}

TEST(Beacon, IsReadAsItWasWritten) {
  Hash hash = sha256(as_bytes("response"));
  const std::string text = print_beacon(hash);
  EXPECT_EQ(text.size(), 45u);
  const auto prefix = parse_beacon(text);
  ASSERT_TRUE(prefix);
  EXPECT_TRUE(std::equal(prefix->begin(), prefix->end(), hash.begin()));
}

TEST(Beacon, OtherTextsAreNone) {
  const std::string digits(32, 'A');
  EXPECT_TRUE(parse_beacon("NETSAMPLER:1:" + digits));
  for (const std::string& text : {std::string(), digits, "NETSAMPLER:2:" + digits, "NETSAMPLER:1:" + digits + "A", "NETSAMPLER:1:" + std::string(32, 'a'),
                                  "NETSAMPLER:1:" + std::string(32, 'G'), "netsampler:1:" + digits})
    EXPECT_FALSE(parse_beacon(text)) << text;
}

}  // namespace
}  // namespace netsampler
