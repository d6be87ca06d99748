#include "evidence/timestamp/der.h"

#include <gtest/gtest.h>

namespace netsampler::timestamp {
namespace {

Result<std::size_t> size_of_first(const Bytes& bytes) {
  DerReader reader(bytes);
  const DerValue value = TRY(reader.next());
  TRY(reader.end());
  return value.content.size();
}

Bytes with_content(Bytes head, std::size_t content_bytes) {
  head.resize(head.size() + content_bytes);
  return head;
}

TEST(Der, LengthsInTheirShortestForm) {
  EXPECT_EQ(size_of_first({0x04, 0x00}).value_or(99), 0u);
  EXPECT_EQ(size_of_first(with_content({0x04, 0x7F}, 127)).value_or(0), 127u);
  EXPECT_EQ(size_of_first(with_content({0x04, 0x81, 0x80}, 128)).value_or(0), 128u);
  EXPECT_EQ(size_of_first(with_content({0x04, 0x82, 0x01, 0x00}, 256)).value_or(0), 256u);
}

TEST(Der, OtherLengthsAreRefused) {
  EXPECT_FALSE(size_of_first(with_content({0x04, 0x81, 0x7F}, 127)).ok());
  EXPECT_FALSE(size_of_first(with_content({0x04, 0x82, 0x00, 0x80}, 128)).ok());
  EXPECT_FALSE(size_of_first({0x30, 0x80, 0x00, 0x00}).ok());                          // indefinite
  EXPECT_FALSE(size_of_first({0x04, 0x85, 0x01, 0x00, 0x00, 0x00, 0x00}).ok());        // five bytes of length
  EXPECT_FALSE(size_of_first({0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF}).ok());              // beyond the end
  EXPECT_FALSE(size_of_first({0x1F, 0x81, 0x00, 0x00}).ok());                          // a tag of several bytes
  EXPECT_FALSE(size_of_first({0x04}).ok());
  EXPECT_FALSE(size_of_first({}).ok());
  EXPECT_FALSE(size_of_first({0x04, 0x00, 0x00}).ok());                                // something behind it
}

TEST(Der, ObjectIdentifiers) {
  EXPECT_EQ(oid_text(Bytes{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D}).value_or(""), "1.2.840.113549");
  EXPECT_EQ(oid_text(Bytes{0x88, 0x37}).value_or(""), "2.999");
  EXPECT_FALSE(oid_text(Bytes{}).ok());
  EXPECT_FALSE(oid_text(Bytes{0x2A, 0x86}).ok());        // cut off
  EXPECT_FALSE(oid_text(Bytes{0x2A, 0x80, 0x01}).ok());  // not the shortest form
  EXPECT_FALSE(oid_text(Bytes(40, 0x01)).ok());          // too many arcs
  EXPECT_FALSE(oid_text(Bytes{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F}).ok());
}

TEST(Der, Numbers) {
  EXPECT_EQ(small_integer(Bytes{0x00}).value_or(9), 0);
  EXPECT_EQ(small_integer(Bytes{0x00, 0x80}).value_or(9), 128);
  EXPECT_FALSE(small_integer(Bytes{0x00, 0x7F}).ok());
  EXPECT_FALSE(small_integer(Bytes{0x80}).ok());  // negative
  EXPECT_FALSE(small_integer(Bytes{}).ok());
  EXPECT_TRUE(integer_bytes(Bytes{0x80}).ok());
  EXPECT_FALSE(integer_bytes(Bytes{0xFF, 0x80}).ok());
  EXPECT_FALSE(integer_bytes(Bytes(65, 0x01)).ok());
}

TEST(Der, Times) {
  EXPECT_EQ(time_us(as_bytes("19700101000001Z")).value_or(-1), 1'000'000);
  EXPECT_EQ(time_us(as_bytes("20240229235959.123456789Z")).value_or(-1), 1709251199'123'456);
  EXPECT_EQ(time_us(as_bytes("20240229235959.5Z")).value_or(-1), 1709251199'500'000);
  for (const char* text : {"20230229000000Z", "20240101240000Z", "20240101006000Z", "20240101000060Z", "20240101000000", "20240101000000+0800",
                           "20240101000000.Z", "202401010000Z", "2024010100000xZ", "20240101000000.1234567890Z", "20240101000000,5Z", ""})
    EXPECT_FALSE(time_us(as_bytes(text)).ok()) << text;
}

}  // namespace
}  // namespace netsampler::timestamp
