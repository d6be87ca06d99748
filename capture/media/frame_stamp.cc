#include "capture/media/frame_stamp.h"

#include <algorithm>

#include "capture/media/start_codes.h"

namespace netsampler::capture {
namespace {

constexpr std::uint8_t kUserData = 5;                        // SEI payload type
constexpr std::array<std::uint8_t, 4> kStartCode{0, 0, 0, 1};

std::size_t length_bytes_of(const SourceInfo& source) {
  const std::size_t at = source.codec == "hevc" ? 21 : 4;
  const bool boxed = source.extradata.size() > at && source.extradata[0] == 1;
  return boxed ? static_cast<std::size_t>(source.extradata[at] & 3) + 1 : 0;
}

}  // namespace

FrameStamp::FrameStamp(const SourceInfo& source) : hevc_(source.codec == "hevc"), length_bytes_(length_bytes_of(source)) {}

// Delimiter and parameter sets.
bool FrameStamp::stands_first(std::uint8_t head) const {
  const int type = hevc_ ? head >> 1 & 0x3f : head & 0x1f;
  return hevc_ ? type >= 32 && type <= 35 : (type >= 7 && type <= 9) || type == 13 || type == 15;
}

std::size_t FrameStamp::place(ByteView frame) const {
  std::size_t at = 0;
  while (length_bytes_ > 0 && at + length_bytes_ < frame.size() && stands_first(frame[at + length_bytes_])) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < length_bytes_; ++i) length = length << 8 | frame[at + i];
    if (length > frame.size() - at - length_bytes_) break;  // broken off: the reader of the video will say so
    at += length_bytes_ + length;
  }
  while (length_bytes_ == 0) {
    const std::size_t code = next_start_code(frame, at), head = code + kStartCodeBytes;
    const bool here = code == at || (code == at + 1 && frame[at] == 0);
    if (!here || head >= frame.size() || !stands_first(frame[head])) break;
    at = next_start_code(frame, head + 1);
    if (at < frame.size() && frame[at - 1] == 0) --at;  // its first zero
  }
  return at;
}

// A unit without what stands before it: header, message, end; two zeros never stand before a byte below 4.
std::size_t FrameStamp::put_unit(ByteView message, std::uint8_t* unit) const {
  std::size_t size = 0;
  unit[size++] = hevc_ ? 39 << 1 : 6;
  if (hevc_) unit[size++] = 1;
  unit[size++] = kUserData;
  unit[size++] = static_cast<std::uint8_t>(message.size());
  int zeros = 0;
  for (const std::uint8_t byte : message) {
    if (zeros == 2 && byte < 4) unit[size++] = 3, zeros = 0;
    unit[size++] = byte;
    zeros = byte == 0 ? zeros + 1 : 0;
  }
  unit[size++] = 0x80;
  return size;
}

void FrameStamp::stamp(EncodedFrame& frame, std::int64_t utc_us, std::int64_t utc_error_us) {
  next_ += frame.dropped;
  const FrameTimeBytes message = print_frame_time({next_++, frame.at_us, utc_us, utc_error_us});
  std::array<std::uint8_t, kMostBytes> unit{};
  const std::size_t before = length_bytes_ > 0 ? length_bytes_ : kStartCode.size();
  const std::size_t size = put_unit(message, unit.data() + before);
  if (length_bytes_ == 0) std::copy(kStartCode.begin(), kStartCode.end(), unit.begin());
  for (std::size_t i = 0; i < length_bytes_; ++i) unit[i] = static_cast<std::uint8_t>(size >> (8 * (length_bytes_ - 1 - i)));
  const auto at = static_cast<std::ptrdiff_t>(place(frame.bytes));
  frame.bytes.insert(frame.bytes.begin() + at, unit.begin(), unit.begin() + static_cast<std::ptrdiff_t>(before + size));
}

}  // namespace netsampler::capture
