#include "ui/console/api_range.h"

#include <gtest/gtest.h>

namespace netsampler {
namespace {

using Kind = ByteRange::Kind;

TEST(Range, ASliceIsCutToTheFile) {
  const ByteRange range = byte_range("bytes=10-99", 50);
  EXPECT_EQ(range.kind, Kind::slice);
  EXPECT_EQ(range.first, 10);
  EXPECT_EQ(range.bytes, 40);
}

TEST(Range, AnOpenEndAndASuffixReachTheEnd) {
  EXPECT_EQ(byte_range("bytes=49-", 50).bytes, 1);
  EXPECT_EQ(byte_range("bytes=-20", 50).first, 30);
  EXPECT_EQ(byte_range("bytes=-200", 50).bytes, 50);
}

TEST(Range, PastTheEndIsUnsatisfiable) {
  EXPECT_EQ(byte_range("bytes=50-", 50).kind, Kind::unsatisfiable);
  EXPECT_EQ(byte_range("bytes=-0", 50).kind, Kind::unsatisfiable);
  EXPECT_EQ(byte_range("bytes=0-", 0).kind, Kind::unsatisfiable);
}

TEST(Range, WhatIsNoSingleRangeIsTheWholeFile) {
  for (const char* header : {"", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,3-4", "bytes=a-b", "bytes=--5", "lines=1-2", "bytes=99999999999999999999-"})
    EXPECT_EQ(byte_range(header, 50).kind, Kind::whole) << header;
}

}  // namespace
}  // namespace netsampler
