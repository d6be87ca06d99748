#include "evidence/format/frame_time.h"

#include <gtest/gtest.h>

namespace netsampler {
namespace {

const FrameTime kTime{7, 5'000'000'001, 1'800'000'000'000'002, 16'000'000};

TEST(FrameTime, IsReadAsItWasWritten) {
  EXPECT_EQ(parse_frame_time(print_frame_time(kTime)), kTime);
  EXPECT_EQ(parse_frame_time(print_frame_time({})), FrameTime());
  const std::int64_t most = (std::int64_t{1} << 53) - 1;
  EXPECT_EQ(parse_frame_time(print_frame_time({most, most, most, most})), (FrameTime{most, most, most, most}));
}

TEST(FrameTime, OtherMessagesAreNone) {
  const FrameTimeBytes whole = print_frame_time(kTime);
  EXPECT_FALSE(parse_frame_time(ByteView(whole).first(whole.size() - 1)));
  EXPECT_FALSE(parse_frame_time({}));
  for (std::size_t i = 0; i < kFrameTimeId.size(); ++i) {
    FrameTimeBytes other = whole;
    other[i] ^= 1;
    EXPECT_FALSE(parse_frame_time(other)) << i;
  }
  EXPECT_FALSE(parse_frame_time(print_frame_time({std::int64_t{1} << 53, 0, 0, 0})));
  EXPECT_FALSE(parse_frame_time(print_frame_time({0, -1, 0, 0})));
}

}  // namespace
}  // namespace netsampler
