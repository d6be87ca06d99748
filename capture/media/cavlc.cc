#include "capture/media/cavlc.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "capture/media/cavlc_tables.h"

namespace netsampler::capture {
namespace {

// What is not 0, the highest frequency first.
struct Found {
  std::array<int, 16> levels{};
  std::array<int, 16> runs{};  // zeros between each and the one of the next lower frequency, or the block's begin
  int count = 0, zeros = 0, ones = 0;
};

Found find(std::span<const std::int16_t> levels) {
  Found found;
  int run = 0;
  std::array<int, 16> below{};
  std::array<int, 16> values{};
  for (const std::int16_t level : levels) {
    if (level == 0) {
      ++run;
      continue;
    }
    below[static_cast<std::size_t>(found.count)] = run;
    values[static_cast<std::size_t>(found.count++)] = level;
    found.zeros += run;
    run = 0;
  }
  for (int i = 0; i < found.count; ++i) {
    found.levels[static_cast<std::size_t>(i)] = values[static_cast<std::size_t>(found.count - 1 - i)];
    found.runs[static_cast<std::size_t>(i)] = below[static_cast<std::size_t>(found.count - 1 - i)];
  }
  while (found.ones < std::min(3, found.count) && std::abs(found.levels[static_cast<std::size_t>(found.ones)]) == 1) ++found.ones;
  return found;
}

void put_code(BitWriter& bits, const cavlc::Code& code) { bits.put(code.value, code.length); }

void put_token(BitWriter& bits, const Found& found, int context) {
  const auto count = static_cast<std::size_t>(found.count), ones = static_cast<std::size_t>(found.ones);
  if (context == kChromaDcContext) return put_code(bits, cavlc::kChromaDcToken[count][ones]);
  if (context < 8) return put_code(bits, cavlc::kToken[context < 2 ? 0 : context < 4 ? 1 : 2][count][ones]);
  bits.put(found.count == 0 ? 3 : static_cast<std::uint32_t>((found.count - 1) << 2 | found.ones), 6);
}

// level_prefix and level_suffix (9.2.2.1).
void put_level(BitWriter& bits, int code, int suffix_length) {
  constexpr int kEscapeBits = 12;
  const int plain = suffix_length == 0 ? 14 : 15 << suffix_length;  // codes below it have a prefix below 14 or 15
  if (code < plain) {
    bits.put(1, (code >> suffix_length) + 1);
    bits.put(static_cast<std::uint32_t>(code & ((1 << suffix_length) - 1)), suffix_length);
  } else if (suffix_length == 0 && code < 30) {
    bits.put(1, 15);
    bits.put(static_cast<std::uint32_t>(code - 14), 4);
  } else {
    bits.put(1, 16);
    bits.put(static_cast<std::uint32_t>(code - (suffix_length == 0 ? 30 : plain)), kEscapeBits);
  }
}

void put_magnitudes(BitWriter& bits, const Found& found) {
  for (int i = 0; i < found.ones; ++i) bits.put(found.levels[static_cast<std::size_t>(i)] < 0 ? 1 : 0, 1);
  int suffix_length = found.count > 10 && found.ones < 3 ? 1 : 0;
  for (int i = found.ones; i < found.count; ++i) {
    const int level = found.levels[static_cast<std::size_t>(i)];
    int code = level > 0 ? 2 * level - 2 : -2 * level - 1;
    if (i == found.ones && found.ones < 3) code -= 2;  // it cannot be 1: that would be one more trailing one
    put_level(bits, code, suffix_length);
    suffix_length = std::max(suffix_length, 1);
    if (std::abs(level) > 3 << (suffix_length - 1) && suffix_length < 6) ++suffix_length;
  }
}

}  // namespace

int put_levels(BitWriter& bits, std::span<const std::int16_t> levels, int context) {
  const Found found = find(levels);
  put_token(bits, found, context);
  if (found.count == 0) return 0;
  put_magnitudes(bits, found);
  int zeros = found.zeros;
  const auto row = static_cast<std::size_t>(found.count - 1);
  if (found.count < static_cast<int>(levels.size()))
    put_code(bits, context == kChromaDcContext ? cavlc::kChromaDcZeros[row][zeros] : cavlc::kZeros[row][zeros]);
  for (int i = 0; i + 1 < found.count && zeros > 0; ++i) {
    const int run = found.runs[static_cast<std::size_t>(i)];
    put_code(bits, cavlc::kRun[std::min(zeros, 7) - 1][run]);
    zeros -= run;
  }
  return found.count;
}

}  // namespace netsampler::capture
