// What a decoder makes of a macroblock's levels: added to what the picture before has there, bit for bit (ITU-T H.264, 8.5.10 to 8.5.14).
#pragma once
#include "capture/media/residual.h"

namespace netsampler::capture {

class Restorer {
 public:
  Restorer(int qp, int chroma_qp_offset);
  // `luma`, `chroma` (NV12): the macroblock's corner in planes of `stride` bytes a row, holding what is added to.
  void add(const MacroblockLevels& levels, std::uint8_t* luma, std::uint8_t* chroma, int stride) const;

 private:
  struct Scale {
    explicit Scale(int qp);
    std::array<int, 16> by_place;  // in the block, in rows
  };
  void add_chroma(const MacroblockLevels& levels, std::size_t plane, std::uint8_t* to, int stride) const;
  Scale luma_, chroma_;
};

}  // namespace netsampler::capture
