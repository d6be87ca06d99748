#include "capture/media/h264_bits.h"

namespace netsampler::capture {

std::uint32_t BitReader::take(int count) {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i, ++at_) {
    const bool there = at_ / 8 < bytes_.size();
    ok_ = ok_ && there;
    value = value << 1 | (there ? bytes_[at_ / 8] >> (7 - at_ % 8) & 1U : 0U);
  }
  return value;
}

std::uint32_t BitReader::take_ue() {
  int zeros = 0;
  while (zeros < 31 && ok_ && take(1) == 0) ++zeros;
  return (1U << zeros) - 1 + take(zeros);
}

std::int32_t BitReader::take_se() {
  const std::uint32_t code = take_ue();
  const auto half = static_cast<std::int32_t>(code / 2);
  return code % 2 == 1 ? half + 1 : -half;
}

std::optional<std::uint8_t> Unprotector::take() {
  if (zeros_ == 2 && !rest_.empty() && rest_[0] == 3) rest_ = rest_.subspan(1), zeros_ = 0;
  if (rest_.empty()) return std::nullopt;
  const std::uint8_t byte = rest_[0];
  rest_ = rest_.subspan(1);
  zeros_ = byte == 0 ? zeros_ + 1 : 0;
  return byte;
}

}  // namespace netsampler::capture
