// The bits of H.264 (ITU-T H.264, 7.2, 7.3.1, 9.1): written, read, and protected so that no start code arises in them.
#pragma once
#include <bit>
#include <cstdint>
#include <optional>

#include "evidence/base/bytes.h"

namespace netsampler::capture {

// Bits behind one another, highest first, appended to bytes that outlive it. finish() ends the last byte.
class BitWriter {
 public:
  explicit BitWriter(Bytes& out) : out_(out) {}
  // The lowest `count` bits of value, 0 to 32; what lies above must be 0.
  void put(std::uint32_t value, int count) {
    held_ = held_ << count | value;
    held_bits_ += count;
    while (held_bits_ >= 8) out_.push_back(static_cast<std::uint8_t>(held_ >> (held_bits_ -= 8)));
  }
  void put_ue(std::uint32_t value) {  // below 2^32 − 1
    const int length = std::bit_width(value + 1);
    put(0, length - 1);
    put(value + 1, length);
  }
  void put_se(std::int32_t value) { put_ue(value > 0 ? 2 * static_cast<std::uint32_t>(value) - 1 : 2 * static_cast<std::uint32_t>(-value)); }
  // rbsp_trailing_bits: a 1, and zeros up to a whole byte.
  void finish() {
    put(1, 1);
    put(0, (8 - held_bits_) % 8);
  }

 private:
  Bytes& out_;
  std::uint64_t held_ = 0;
  int held_bits_ = 0;  // below 8 between calls
};

// Reads bits of bytes without protection. Beyond their end it reads zeros, and ok() is false from then on.
class BitReader {
 public:
  explicit BitReader(ByteView bytes) : bytes_(bytes) {}
  std::uint32_t take(int count);  // 0 to 32
  std::uint32_t take_ue();
  std::int32_t take_se();
  std::size_t at() const { return at_; }  // bits taken
  bool ok() const { return ok_; }

 private:
  ByteView bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

// Appends a unit's bytes one by one, with a 3 before any byte below 4 that follows two zeros (7.4.1).
class Protector {
 public:
  explicit Protector(Bytes& out) : out_(out) {}
  void put(std::uint8_t byte) {
    if (zeros_ == 2 && byte < 4) out_.push_back(3), zeros_ = 0;
    out_.push_back(byte);
    zeros_ = byte == 0 ? zeros_ + 1 : 0;
  }
  bool fresh() const { return zeros_ == 0; }  // what comes next is protected as if nothing stood before it

 private:
  Bytes& out_;
  int zeros_ = 0;
};

// The other way round.
class Unprotector {
 public:
  explicit Unprotector(ByteView bytes) : rest_(bytes) {}
  std::optional<std::uint8_t> take();  // nothing at the end
  bool fresh() const { return zeros_ == 0; }
  ByteView rest() const { return rest_; }  // as it stands there, protected

 private:
  ByteView rest_;
  int zeros_ = 0;
};

}  // namespace netsampler::capture
