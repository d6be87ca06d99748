// What a macroblock of a picture differs by from the same place of its reference, as quantised transform levels (ITU-T H.264, 8.5; 4:2:0,
// 8 bits, flat scaling, inter prediction).
#pragma once
#include <array>
#include <cstdint>

#include "capture/media/encoder.h"

namespace netsampler::capture {

// All in zigzag order. Luma and chroma blocks of 4×4 in rows, as they lie in the macroblock.
struct MacroblockLevels {
  std::int16_t luma[16][16];
  std::int16_t chroma_dc[2][4];      // Cb, Cr
  std::int16_t chroma_ac[2][4][15];
  int pattern = 0;                   // coded_block_pattern; what it leaves out is all 0, or not set
};

int chroma_qp(int qp);  // chroma's quantiser for luma's with the offset added

class Residual {
 public:
  Residual(int qp, int chroma_qp_offset);  // qp 10 to 51: below that levels could exceed kMostLevel (cavlc.h)
  // Both pictures NV12, the reference covering whole macroblocks; the picture's last pixels stand for what lies outside of it.
  void measure(const PictureView& picture, int width, int height, const PictureView& reference, int block_x, int block_y, MacroblockLevels& out) const;

 private:
  struct Quantiser {
    explicit Quantiser(int qp);
    std::array<int, 16> factor;  // by place in the block
    int shift, rounding;
    int least;                   // a block whose differences add up to less has no level
    int level(int value, int at, int more) const;  // `more`: bits of shift more
  };
  void luma(const std::int16_t (&difference)[256], MacroblockLevels& out) const;
  void chroma(const std::int16_t (&difference)[2][64], MacroblockLevels& out) const;
  Quantiser luma_, chroma_;
};

}  // namespace netsampler::capture
