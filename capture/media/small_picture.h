// A whole picture of which few blocks changed, written without an encoder: one P slice that no other picture refers to, in which all other blocks
// are skipped. What changed is coded by its difference from the same place of the reference, no motion. Work and bytes grow with those blocks
// alone (ITU-T H.264, 7.3.3 to 7.3.5).
#pragma once
#include <span>

#include "capture/media/h264_bits.h"
#include "capture/media/h264_headers.h"
#include "capture/media/residual.h"

namespace netsampler::capture {

struct SmallPictureTurn {
  std::uint32_t frame_number = 0;  // of the reference
  std::uint16_t order = 0;
};

class SmallPictureWriter {
 public:
  SmallPictureWriter(int width, int height, int qp, const SliceForm& form);
  // Both pictures NV12; `reference`: what a decoder has of the picture referred to, in whole macroblocks. `blocks`: macroblocks that differ, in rows,
  // ascending. Appends the unit behind four bytes of length.
  void write(const PictureView& picture, const PictureView& reference, std::span<const std::uint32_t> blocks, const SmallPictureTurn& turn, Bytes& out);

 private:
  static constexpr std::size_t kCounts = 24;  // of a macroblock: 16 luma blocks, 4 Cb, 4 Cr, in rows
  void put_header(BitWriter& bits, const SmallPictureTurn& turn) const;
  void put_macroblock(BitWriter& bits, std::uint32_t at);
  void put_luma(BitWriter& bits, std::uint32_t at);
  void put_chroma(BitWriter& bits, std::uint32_t at);
  int context(std::uint32_t at, std::size_t first, std::uint32_t side, std::uint32_t x, std::uint32_t y) const;

  int width_, height_;
  std::uint32_t across_, all_;
  int qp_;
  SliceForm form_;
  Residual residual_;
  MacroblockLevels levels_;
  Bytes counts_;   // levels of each block of the picture that are not 0; all 0 between pictures
  Bytes payload_;  // of the slice
};

}  // namespace netsampler::capture
