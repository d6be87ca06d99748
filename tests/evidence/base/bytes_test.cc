#include "evidence/base/bytes.h"

#include <gtest/gtest.h>

namespace netsampler {
namespace {

TEST(Bytes, HexRoundTrip) {
  const Bytes bytes = {0x00, 0x7f, 0xff};
  EXPECT_EQ(to_hex(bytes), "007fff");
  EXPECT_EQ(*from_hex("007fff"), bytes);
  EXPECT_TRUE(from_hex("")->empty());
}

TEST(Bytes, HexTwinsAreRefused) {
  for (const char* text : {"0", "0G", "AB", "0 ", " 00"}) EXPECT_FALSE(from_hex(text).ok()) << text;
}

TEST(Bytes, Base64RoundTrip) {
  const Bytes bytes = {1, 2, 3, 4};
  EXPECT_EQ(to_base64(bytes), "AQIDBA==");
  EXPECT_EQ(*from_base64("AQIDBA=="), bytes);
  EXPECT_TRUE(from_base64("")->empty());
}

TEST(Bytes, Base64TwinsAreRefused) {
  for (const char* text : {"AQIDBA", "AQIDBA=", "AQIDBB==", "AQID BA==", "AQIDBA==\n", "_-=="}) EXPECT_FALSE(from_base64(text).ok()) << text;
}

}  // namespace
}  // namespace netsampler
