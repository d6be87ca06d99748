#include "capture/media/restorer.h"

#include <algorithm>

namespace netsampler::capture {
namespace {

constexpr std::size_t kZigzag[16] = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};

struct Four {
  int a, b, c, d;
};

Four turn(int a, int b, int c, int d) {
  const int even = a + c, odd = a - c, low = (b >> 1) - d, high = b + (d >> 1);
  return {even + high, odd + low, odd - low, even - high};
}

// Turns scaled levels back and adds them; pixels are `step` bytes apart.
void add_block(int (&values)[16], std::uint8_t* to, int stride, int step) {
  for (int y = 0; y < 4; ++y) {
    int* row = values + 4 * y;
    const Four turned = turn(row[0], row[1], row[2], row[3]);
    row[0] = turned.a, row[1] = turned.b, row[2] = turned.c, row[3] = turned.d;
  }
  for (int x = 0; x < 4; ++x) {
    const Four turned = turn(values[x], values[4 + x], values[8 + x], values[12 + x]);
    const int column[4] = {turned.a, turned.b, turned.c, turned.d};
    for (int y = 0; y < 4; ++y) {
      std::uint8_t& pixel = to[y * stride + x * step];
      pixel = static_cast<std::uint8_t>(std::clamp(pixel + ((column[y] + 32) >> 6), 0, 255));
    }
  }
}

}  // namespace

Restorer::Scale::Scale(int qp) {
  constexpr int kScales[6][3] = {{10, 16, 13}, {11, 18, 14}, {13, 20, 16}, {14, 23, 18}, {16, 25, 20}, {18, 29, 23}};
  const auto& of = kScales[qp % 6];
  for (std::size_t at = 0; at < 16; ++at) {
    const bool odd_row = at / 4 % 2 == 1, odd_column = at % 2 == 1;
    by_place[at] = (odd_row && odd_column ? of[1] : odd_row || odd_column ? of[2] : of[0]) << qp / 6;
  }
}

Restorer::Restorer(int qp, int chroma_qp_offset) : luma_(qp), chroma_(chroma_qp(qp + chroma_qp_offset)) {}

void Restorer::add(const MacroblockLevels& levels, std::uint8_t* luma, std::uint8_t* chroma, int stride) const {
  for (int block = 0; block < 16; ++block) {
    if ((levels.pattern >> (block / 8 * 2 + block % 4 / 2) & 1) == 0) continue;
    int values[16], any = 0;
    for (std::size_t i = 0; i < 16; ++i) any |= values[kZigzag[i]] = levels.luma[block][i] * luma_.by_place[kZigzag[i]];
    if (any != 0) add_block(values, luma + block / 4 * 4 * stride + block % 4 * 4, stride, 1);
  }
  if (levels.pattern >> 4 == 0) return;
  for (std::size_t plane = 0; plane < 2; ++plane) add_chroma(levels, plane, chroma + plane, stride);
}

void Restorer::add_chroma(const MacroblockLevels& levels, std::size_t plane, std::uint8_t* to, int stride) const {
  const auto& dc = levels.chroma_dc[plane];
  const int turned[4] = {dc[0] + dc[1] + dc[2] + dc[3], dc[0] - dc[1] + dc[2] - dc[3], dc[0] + dc[1] - dc[2] - dc[3], dc[0] - dc[1] - dc[2] + dc[3]};
  for (int block = 0; block < 4; ++block) {
    int values[16] = {turned[block] * chroma_.by_place[0] >> 1};
    for (std::size_t i = 1; i < 16; ++i) values[kZigzag[i]] = levels.chroma_ac[plane][block][i - 1] * chroma_.by_place[kZigzag[i]];
    add_block(values, to + block / 2 * 4 * stride + block % 2 * 8, stride, 2);
  }
}

}  // namespace netsampler::capture
