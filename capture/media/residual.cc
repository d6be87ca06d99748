#include "capture/media/residual.h"

#include <algorithm>
#include <cstdlib>

namespace netsampler::capture {
namespace {

constexpr int kZigzag[16] = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};

// The 4×4 integer transform of differences whose rows are `stride` apart.
void transform(const std::int16_t* from, int stride, int (&to)[16]) {
  int rows[16];
  for (int y = 0; y < 4; ++y) {
    const std::int16_t* row = from + y * stride;
    const int sum03 = row[0] + row[3], sum12 = row[1] + row[2], less03 = row[0] - row[3], less12 = row[1] - row[2];
    rows[y * 4] = sum03 + sum12;
    rows[y * 4 + 1] = 2 * less03 + less12;
    rows[y * 4 + 2] = sum03 - sum12;
    rows[y * 4 + 3] = less03 - 2 * less12;
  }
  for (int x = 0; x < 4; ++x) {
    const int sum03 = rows[x] + rows[12 + x], sum12 = rows[4 + x] + rows[8 + x], less03 = rows[x] - rows[12 + x], less12 = rows[4 + x] - rows[8 + x];
    to[x] = sum03 + sum12;
    to[4 + x] = 2 * less03 + less12;
    to[8 + x] = sum03 - sum12;
    to[12 + x] = less03 - 2 * less12;
  }
}

int magnitude(const std::int16_t* from, int stride) {
  int sum = 0;
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 4; ++x) sum += std::abs(from[y * stride + x]);
  return sum;
}

struct Differences {
  std::int16_t luma[256];
  std::int16_t chroma[2][64];
};

void subtract_whole(const std::uint8_t* picture, int stride, const std::uint8_t* reference, int reference_stride, int rows, std::int16_t* to) {
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < kBlock; ++x) to[y * kBlock + x] = static_cast<std::int16_t>(picture[y * stride + x] - reference[y * reference_stride + x]);
}

// `across`, `rows_left`: bytes and rows of the picture from here on; `step`: bytes of a pixel.
void subtract_cut(const std::uint8_t* picture, int stride, const std::uint8_t* reference, int reference_stride, int rows, int across, int rows_left,
                  int step, std::int16_t* to) {
  for (int y = 0; y < rows; ++y) {
    const std::uint8_t* row = picture + std::min(y, rows_left - 1) * stride;
    for (int x = 0; x < kBlock; ++x) {
      const int inside = x < across ? x : across - step + x % step;
      to[y * kBlock + x] = static_cast<std::int16_t>(row[inside] - reference[y * reference_stride + x]);
    }
  }
}

// One plane's part of a macroblock: 16 bytes across, `rows` rows.
void subtract(const PictureView& picture, const PictureView& reference, int plane, int width, int rows_all, int x, int y, int rows, std::int16_t* to) {
  const int stride = picture.strides[plane], reference_stride = reference.strides[plane];
  const std::uint8_t* from = picture.planes[plane] + static_cast<std::ptrdiff_t>(y) * stride + x;
  const std::uint8_t* less = reference.planes[plane] + static_cast<std::ptrdiff_t>(y) * reference_stride + x;
  if (x + kBlock <= width && y + rows <= rows_all) return subtract_whole(from, stride, less, reference_stride, rows, to);
  subtract_cut(from, stride, less, reference_stride, rows, width - x, rows_all - y, plane + 1, to);
}

}  // namespace

int chroma_qp(int qp) {  // table 8-15
  constexpr int kFrom30[22] = {29, 30, 31, 32, 32, 33, 34, 34, 35, 35, 36, 36, 37, 37, 37, 38, 38, 38, 39, 39, 39, 39};
  const int bounded = std::clamp(qp, 0, 51);
  return bounded < 30 ? bounded : kFrom30[bounded - 30];
}

Residual::Quantiser::Quantiser(int qp) {
  constexpr int kFactors[6][3] = {{13107, 5243, 8066}, {11916, 4660, 7490}, {10082, 4194, 6554}, {9362, 3647, 5825}, {8192, 3355, 5243}, {7282, 2893, 4559}};
  const auto& of = kFactors[qp % 6];
  for (std::size_t at = 0; at < 16; ++at) {
    const bool odd_row = at / 4 % 2 == 1, odd_column = at % 2 == 1;
    factor[at] = odd_row && odd_column ? of[1] : odd_row || odd_column ? of[2] : of[0];
  }
  shift = 15 + qp / 6;
  rounding = (1 << shift) * 11 / 64;  // x264's own for inter blocks
  least = ((1 << shift) - rounding) / std::max({of[0], 4 * of[1], 2 * of[2]});
}

int Residual::Quantiser::level(int value, int at, int more) const {
  const int size = (std::abs(value) * factor[static_cast<std::size_t>(at)] + (rounding << more)) >> (shift + more);
  return value < 0 ? -size : size;
}

Residual::Residual(int qp, int chroma_qp_offset) : luma_(qp), chroma_(chroma_qp(qp + chroma_qp_offset)) {}

void Residual::luma(const std::int16_t (&difference)[256], MacroblockLevels& out) const {
  for (int block = 0; block < 16; ++block) {
    const std::int16_t* from = difference + block / 4 * 4 * kBlock + block % 4 * 4;
    auto& levels = out.luma[block];
    std::fill(std::begin(levels), std::end(levels), std::int16_t{0});
    if (magnitude(from, kBlock) < luma_.least) continue;
    int values[16];
    transform(from, kBlock, values);
    int any = 0;
    for (int i = 0; i < 16; ++i) any |= levels[i] = static_cast<std::int16_t>(luma_.level(values[kZigzag[i]], kZigzag[i], 0));
    if (any != 0) out.pattern |= 1 << (block / 8 * 2 + block % 4 / 2);
  }
}

void Residual::chroma(const std::int16_t (&difference)[2][64], MacroblockLevels& out) const {
  int any_dc = 0, any_ac = 0;
  for (int plane = 0; plane < 2; ++plane) {
    int dc[4];
    for (int block = 0; block < 4; ++block) {
      int values[16];
      transform(difference[plane] + block / 2 * 32 + block % 2 * 4, 8, values);
      dc[block] = values[0];
      for (int i = 1; i < 16; ++i)
        any_ac |= out.chroma_ac[plane][block][i - 1] = static_cast<std::int16_t>(chroma_.level(values[kZigzag[i]], kZigzag[i], 0));
    }
    const int turned[4] = {dc[0] + dc[1] + dc[2] + dc[3], dc[0] - dc[1] + dc[2] - dc[3], dc[0] + dc[1] - dc[2] - dc[3], dc[0] - dc[1] - dc[2] + dc[3]};
    for (int i = 0; i < 4; ++i) any_dc |= out.chroma_dc[plane][i] = static_cast<std::int16_t>(chroma_.level(turned[i], 0, 1));
  }
  out.pattern |= any_ac != 0 ? 2 << 4 : any_dc != 0 ? 1 << 4 : 0;
}

void Residual::measure(const PictureView& picture, int width, int height, const PictureView& reference, int block_x, int block_y,
                       MacroblockLevels& out) const {
  Differences difference;
  std::int16_t both[kBlock * kBlock / 2];
  subtract(picture, reference, 0, width, height, block_x * kBlock, block_y * kBlock, kBlock, difference.luma);
  subtract(picture, reference, 1, width, height / 2, block_x * kBlock, block_y * kBlock / 2, kBlock / 2, both);
  for (int i = 0; i < 64; ++i) {
    difference.chroma[0][i] = both[2 * i];
    difference.chroma[1][i] = both[2 * i + 1];
  }
  out.pattern = 0;
  luma(difference.luma, out);
  chroma(difference.chroma, out);
}

}  // namespace netsampler::capture
