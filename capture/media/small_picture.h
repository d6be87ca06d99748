// A whole picture of which few blocks changed, written without an encoder: one P slice in which all other blocks are skipped. What changed is coded by
// its difference from the same place of the picture before, no motion. Work and bytes grow with those blocks alone (ITU-T H.264, 7.3.3 to 7.3.5).
#pragma once
#include <memory>
#include <span>

#include "capture/media/h264_headers.h"
#include "capture/media/restorer.h"

namespace netsampler::capture {

class SmallPictureWriter {
 public:
  SmallPictureWriter(int width, int height, int qp, const SliceForm& form);
  // An encoder's picture lies before the next one: NV12 in whole macroblocks, as a decoder has it; borrowed until the next call.
  void begin(const PictureView& decoded);
  // `picture`: NV12. `blocks`: macroblocks that changed since the picture before, in rows, ascending. Appends the unit behind four bytes of length.
  void write(const PictureView& picture, std::span<const std::uint32_t> blocks, std::uint32_t frame_number, Bytes& out);

 private:
  static constexpr std::size_t kCounts = 24;  // of a macroblock: 16 luma blocks, 4 Cb, 4 Cr, in rows
  void put_header(BitWriter& bits, std::uint32_t frame_number) const;
  bool measure(const PictureView& picture, std::uint32_t at);
  void restore(std::uint32_t at);
  PictureView before(std::uint32_t at) const;
  void put_macroblock(BitWriter& bits, std::uint32_t at);
  void put_luma(BitWriter& bits, std::uint32_t at);
  void put_chroma(BitWriter& bits, std::uint32_t at);
  int context(std::uint32_t at, std::size_t first, std::uint32_t side, std::uint32_t x, std::uint32_t y) const;

  int width_, height_;
  std::uint32_t across_, all_;
  int qp_;
  SliceForm form_;
  Residual residual_;
  Restorer restorer_;
  MacroblockLevels levels_;
  PictureView encoded_;          // the encoder's last picture
  bool first_ = true;            // no picture of ours since then
  std::unique_ptr<std::uint8_t[]> luma_, chroma_;  // the macroblocks that we wrote since then, as a decoder has them; the rest stays untouched memory
  Bytes ours_;                   // a byte a macroblock: it is one of those
  Bytes counts_;   // levels of each block of the picture that are not 0; all 0 between pictures
  Bytes payload_;  // of the slice
};

}  // namespace netsampler::capture
